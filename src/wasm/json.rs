//! The core's descriptions as JSON text: numbers without fractions, texts, lists and structs, which is all that they are
//! made of. Crossing the border as one text takes less code than objects made member by member.

use std::fmt;

use serde::ser::{self, Impossible, Serialize};

/// The text. A kind of value that no description has is an error.
pub(crate) fn text<T: Serialize + ?Sized>(value: &T) -> Result<String, fmt::Error> {
    let mut json = Json { text: String::new() };
    value.serialize(&mut json)?;
    Ok(json.text)
}

pub(crate) struct Json {
    text: String,
}

impl Json {
    #[inline(never)]
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.text.extend(['\\', c]),
                ..' ' => {
                    self.text += "\\u00";
                    self.text
                        .extend([c as u32 >> 4, c as u32 & 15].into_iter().filter_map(|n| char::from_digit(n, 16)));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }

    #[inline(never)]
    fn number(&mut self, number: u64) {
        self.text += &number.to_string();
    }

    /// A comma, where something stands before.
    #[inline(never)]
    fn part(&mut self) {
        // What stands before a part is a bracket that opens, or the end of another part, which is none.
        if !matches!(self.text.as_bytes().last(), Some(b'[' | b'{')) {
            self.text.push(',');
        }
    }

    fn open(&mut self, bracket: char) -> Result<&mut Json, fmt::Error> {
        self.text.push(bracket);
        Ok(self)
    }

    fn close(&mut self, bracket: char) -> Result<(), fmt::Error> {
        self.text.push(bracket);
        Ok(())
    }
}

/// Methods for what no description has.
macro_rules! never {
    ($($name:ident($of:ty)),*) => { $(fn $name(self, _: $of) -> Result<(), fmt::Error> { Err(fmt::Error) })* };
}

impl ser::Serializer for &mut Json {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Impossible<(), fmt::Error>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    never!(serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_f32(f32));
    never!(serialize_f64(f64), serialize_char(char), serialize_bytes(&[u8]), serialize_unit_struct(&'static str));

    fn serialize_bool(self, value: bool) -> Result<(), fmt::Error> {
        self.text += if value { "true" } else { "false" };
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), fmt::Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), fmt::Error> {
        self.number(value);
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), fmt::Error> {
        self.string(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), fmt::Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), fmt::Error> {
        self.text += "null";
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), fmt::Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        self.open('[')
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, fmt::Error> {
        self.open('[')
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        self.open('{')
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

impl ser::SerializeSeq for &mut Json {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        self.part();
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), fmt::Error> {
        self.close(']')
    }
}

impl ser::SerializeTuple for &mut Json {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), fmt::Error> {
        self.close(']')
    }
}

impl ser::SerializeStruct for &mut Json {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), fmt::Error> {
        self.part();
        self.string(name);
        self.text.push(':');
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), fmt::Error> {
        self.close('}')
    }
}

//! What a schema knows of an event, place by place: the parts of it that say what is usual.

use std::ops::Range;

use crate::document::{Document, append_segment, text};
use crate::limits::{MAX_SHAPE_DEPTH, MAX_SHAPES};
use crate::tape::{Cursor, Kind, Name};

/// The bits of types, beside those of [`bit`].
pub(super) const INTEGER: u8 = 4;
const NUMBER: u8 = 8;

/// The bit of a kind that is no number.
pub(super) fn bit(kind: Kind) -> u8 {
    match kind {
        Kind::Null => 1,
        Kind::True | Kind::False => 2,
        Kind::Number => NUMBER,
        Kind::String | Kind::Key => 16,
        Kind::Array => 32,
        Kind::Object => 64,
    }
}

/// One place.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Pointer into the event; `*` for elements.
    pub(super) pointer: String,
    /// Types it may have; 0 for any.
    pub(super) types: u8,
    /// Its members among all fields, by name.
    pub(super) fields: Range<usize>,
    /// Bits of those that are required; one beyond the 64th has that of another.
    pub(super) required: u64,
    /// Other members are usual.
    pub(super) has_others: bool,
    /// What its elements are.
    pub(super) items: Option<u32>,
    /// What the document in it is, if it is a string that holds one.
    pub(super) content: Option<u32>,
    /// Values that are known (`enum`, `const`, `x-known`): what strings say, ascending, and the JSON of others.
    pub(super) texts: Vec<Box<[u8]>>,
    pub(super) others: Vec<Box<[u8]>>,
}

impl Shape {
    /// Any value is fine.
    pub(super) fn knows_any(&self) -> bool {
        self.texts.is_empty() && self.others.is_empty()
    }
}

/// A member.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: Name,
    pub(super) shape: u32,
    pub(super) required: bool,
}

/// The places of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    pub(super) shapes: Vec<Shape>,
    /// The members of all of them.
    pub(super) fields: Vec<Field>,
    pub(super) root: u32,
}

impl Shapes {
    /// Reads a schema (2020-12). What it says in other ways than by `properties`, `items`, `required`, `type`, `enum`,
    /// `const`, `x-known`, `contentSchema`, local `$ref`, `allOf`, `anyOf` and `oneOf` is not drift's concern.
    pub(crate) fn new(schema: &str) -> Shapes {
        let document = Document::known(schema);
        let mut shapes = Shapes::default();
        if let Some(root) = document.root() {
            shapes.root = shapes.add(root, root, String::new(), 0);
        }
        shapes
    }

    /// Every place by its pointer (`*` for elements), and what the strings that are known of it say.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&str, &[Box<[u8]>])> {
        self.shapes.iter().map(|shape| (shape.pointer.as_str(), &shape.texts[..]))
    }

    pub(super) fn get(&self, number: u32) -> Option<&Shape> {
        self.shapes.get(number as usize)
    }

    /// A member of a shape by its name: its number among all.
    pub(super) fn find(&self, shape: &Shape, name: &[u8]) -> Option<usize> {
        let fields = self.fields.get(shape.fields.clone())?;
        let place = fields.binary_search_by(|field| field.name.bytes().cmp(name)).ok()?;
        Some(shape.fields.start + place)
    }

    fn add(&mut self, schema: Cursor<'_>, root: Cursor<'_>, pointer: String, depth: usize) -> u32 {
        let number = self.shapes.len();
        let (mut shape, mut fields) = (Shape { pointer, ..Shape::default() }, Vec::new());
        self.shapes.push(Shape::default());
        if depth < MAX_SHAPE_DEPTH && number < MAX_SHAPES {
            self.merge((&mut shape, &mut fields), schema, root, depth);
        }
        fields.sort_by(|a, b| a.name.bytes().cmp(b.name.bytes()));
        fields.dedup_by(|again, first| {
            let same = again.name.bytes() == first.name.bytes();
            first.required |= same && again.required;
            same
        });
        let required = fields.iter().enumerate().filter(|(_, field)| field.required);
        shape.required = required.fold(0, |bits, (place, _)| bits | 1 << (place % 64));
        shape.fields = self.fields.len()..self.fields.len() + fields.len();
        self.fields.append(&mut fields);
        shape.texts.sort_unstable();
        self.shapes[number] = shape;
        number as u32
    }

    fn merge(
        &mut self,
        (shape, fields): (&mut Shape, &mut Vec<Field>),
        schema: Cursor<'_>,
        root: Cursor<'_>,
        depth: usize,
    ) {
        if depth >= MAX_SHAPE_DEPTH {
            return;
        }
        let names = |name| -> Vec<String> {
            let list = schema.member(name);
            list.into_iter().flat_map(|list| list.children()).filter_map(|(_, name)| text(name)).collect()
        };
        if let Some(target) = schema.member("$ref").and_then(text).and_then(|reference| local(root, &reference)) {
            self.merge((shape, fields), target, root, depth + 1);
        }
        for part in ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema.member(name)) {
            for (_, part) in part.children() {
                self.merge((shape, fields), part, root, depth + 1);
            }
        }
        if let Some(types) = schema.member("type") {
            let single = text(types).into_iter();
            for name in single.chain(names("type")) {
                const NAMES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
                shape.types |= NAMES.iter().position(|known| *known == name).map_or(0, |place| 1 << place);
            }
        }
        let required = names("required");
        for (key, member) in schema.member("properties").into_iter().flat_map(|properties| properties.children()) {
            let Some(name) = key.and_then(text) else { continue };
            let mut pointer = shape.pointer.clone();
            append_segment(&name, &mut pointer);
            let required = required.contains(&name);
            let number = self.add(member, root, pointer, depth + 1);
            fields.push(Field { name: Name::new(name.as_bytes()), shape: number, required });
        }
        let others = [schema.member("additionalProperties"), schema.member("patternProperties")];
        shape.has_others |= others.into_iter().flatten().any(|others| others.kind() == Kind::Object);
        if let Some(items) = schema.member("items").filter(|items| items.kind() == Kind::Object) {
            shape.items = Some(self.add(items, root, [&shape.pointer, "/*"].concat(), depth + 1));
        }
        if let Some(content) = schema.member("contentSchema") {
            shape.content = Some(self.add(content, root, shape.pointer.clone(), depth + 1));
        }
        let lists = ["enum", "x-known"].into_iter().filter_map(|name| schema.member(name));
        let values = lists.flat_map(|list| list.children().map(|(_, value)| value));
        for value in values.chain(schema.member("const")) {
            match text(value) {
                Some(text) => shape.texts.push(text.into_bytes().into()),
                None => shape.others.push(value.raw().into()),
            }
        }
    }
}

/// What a local reference points at.
fn local<'a>(root: Cursor<'a>, reference: &str) -> Option<Cursor<'a>> {
    let mut at = root;
    for segment in reference.strip_prefix("#/")?.split('/') {
        at = at.member(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(at)
}

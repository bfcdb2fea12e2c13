//! Rows as JSON.

use super::look::Is;
use super::values::{ELSEWHERE, Sort};
use super::{FAR, LogStore, nanos, packed};
use crate::catalog::Field;
use crate::detect::Said;
use crate::recognition::append;
use crate::scan::Reason;
use crate::span::Span;
use crate::tape::escape_into;
use crate::time::{EpochNanos, digits, write_seconds};

impl LogStore {
    /// Some rows as a JSON array. `fields`: a bit for each common field that is to be told, by its number.
    pub fn write(&mut self, rows: &[u32], fields: u32) -> String {
        let mut json = b"[".to_vec();
        let known = self.counts.rows;
        for row in rows.iter().filter(|row| **row < known) {
            if json.len() > 1 {
                json.push(b',');
            }
            self.write_row(*row, fields, &mut json);
        }
        json.push(b']');
        String::from_utf8(json).unwrap_or_default()
    }

    fn write_row(&mut self, row: u32, fields: u32, json: &mut Vec<u8>) {
        let mut number = |name: &str, text: &str| {
            json.push(if name == "row" { b'{' } else { b',' });
            json.extend([b"\"", name.as_bytes(), b"\":", text.as_bytes()].concat());
        };
        let whole = |number: u64| digits(number.into());
        number("row", &whole(row.into()));
        number("source", &whole(self.source_of(row) as u64));
        number("offset", &whole(self.offset(row)));
        number("length", &whole(self.length(row).into()));
        if let Some(line) = self.line(row) {
            number("line", &whole(line.into()));
        }
        if let Some(reason) = self.reason(row) {
            number("code", &["\"", reason.code(), "\""].concat());
        }
        if let Ok(at) = self.rows.faults.binary_search_by_key(&row, |(row, _)| *row) {
            number("at", &whole(self.rows.faults[at].1));
        }
        if row >= self.counts.indexed && !self.is_broken(row) {
            return self.write_unindexed(row, fields, json);
        }
        let (time, duration) = (nanos(self.rows.time.get(row)), nanos(self.rows.duration.get(row)));
        let decimal = |nanos: Option<i128>| nanos.map_or("null".to_owned(), write_seconds);
        number("time", &decimal(time.map(|nanos| i128::from(nanos) * 1000)));
        number("duration", &decimal(duration.map(i128::from)));
        write_type(self.event_type(row).and_then(|number| self.catalog.name(number)), json);
        json.extend(b",\"fields\":{");
        if self.event_type(row).is_some() {
            self.write_fields(row, fields, json);
        }
        json.extend(b"}}");
    }

    /// The rest of a row that is not in the index yet.
    #[cold]
    fn write_unindexed(&mut self, row: u32, wanted: u32, json: &mut Vec<u8>) {
        let (mut time, mut duration) = ("null".to_owned(), "null".to_owned());
        let mut is = Is::Unknown;
        let mut fields = b"{".to_vec();
        if let Some(span) = self.span(row)
            && let Some(segment) = self.kept.segment(self.kept.number_of(row))
        {
            is = self.look.again(segment.buffer(), span, u32::MAX, &mut |field, said| {
                match said {
                    Said::Time(EpochNanos(nanos)) if field == Field::Time && packed(nanos) != FAR => {
                        time = write_seconds(nanos * 1000);
                    }
                    Said::Length(nanos) if field == Field::Duration && packed(nanos) != FAR => {
                        duration = write_seconds(nanos);
                    }
                    _ => {}
                }
                if let Some(name) = name(field).filter(|_| wanted >> field as u32 & 1 == 1) {
                    member(name, said, &mut fields);
                }
            });
        }
        let of = if let Is::Event(number) = is { self.catalog.name(number) } else { None };
        if is == Is::Ambiguous {
            json.extend([b",\"code\":\"", Reason::AmbiguousEvent.code().as_bytes(), b"\""].concat());
        }
        json.extend([b",\"time\":", time.as_bytes(), b",\"duration\":", duration.as_bytes()].concat());
        write_type(of, json);
        if let Some(of) = of.filter(|_| wanted >> Field::Type as u32 & 1 == 1) {
            member("@type", Said::Plain(of.as_bytes()), &mut fields);
        }
        json.extend(b",\"fields\":");
        json.extend(fields);
        json.extend(b"}}");
    }

    fn write_fields(&mut self, row: u32, wanted: u32, json: &mut Vec<u8>) {
        let mut elsewhere = 0;
        for (field, name) in Field::ALL.into_iter().filter(|(field, _)| wanted >> *field as u32 & 1 == 1) {
            let cell = match field {
                Field::Message => {
                    elsewhere |= 1 << field as u32;
                    continue;
                }
                Field::Time | Field::Duration => {
                    let column = if field == Field::Time { &self.rows.time } else { &self.rows.duration };
                    let cell = column.get(row);
                    match nanos(cell).map(i128::from) {
                        Some(nanos) if field == Field::Time => member(name, Said::Time(EpochNanos(nanos)), json),
                        Some(nanos) => member(name, Said::Length(nanos), json),
                        None if cell == FAR => elsewhere |= 1 << field as u32,
                        None => {}
                    }
                    continue;
                }
                _ => self.column(field).get(row),
            };
            match (field, self.values.get(cell)) {
                (Field::Type, _) => {
                    if let Some(text) = self.text(field, cell) {
                        member(name, Said::Plain(text), json);
                    }
                }
                (_, Some((Sort::Text, text))) => member(name, Said::Plain(text), json),
                (_, Some((Sort::Json, text))) => member(name, Said::Json(text.into()), json),
                _ if cell == ELSEWHERE => elsewhere |= 1 << field as u32,
                _ => {}
            }
        }
        let Some(span) = self.span(row).filter(|_| elsewhere != 0) else { return };
        let Some(segment) = self.kept.segment(self.kept.number_of(row)) else { return };
        read(&mut self.look, segment.buffer(), span, elsewhere, json);
    }
}

/// Appends a member to an object that is still open.
#[inline(never)]
fn member(name: &str, said: Said<'_>, json: &mut Vec<u8>) {
    if json.last() != Some(&b'{') {
        json.push(b',');
    }
    append(name, said, json);
}

fn name(field: Field) -> Option<&'static str> {
    Field::ALL.get(field as usize).map(|(_, name)| *name)
}

fn write_type(name: Option<&str>, json: &mut Vec<u8>) {
    json.extend(b",\"type\":");
    match name {
        Some(name) => {
            json.push(b'"');
            escape_into(name.as_bytes(), json);
            json.push(b'"');
        }
        None => json.extend(b"null"),
    }
}

/// Fields that the index has not, from the record.
fn read(look: &mut super::Look, bytes: &[u8], span: Span, fields: u32, json: &mut Vec<u8>) {
    look.again(bytes, span, fields, &mut |field, said| {
        if let Some(name) = name(field) {
            member(name, said, json);
        }
    });
}

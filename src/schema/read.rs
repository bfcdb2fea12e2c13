//! What keywords' values are read with; what is wrong with them is noted where they stand.

use super::code;
use super::compile::Compiler;
use super::dialect::Dialect;
use super::keyword::{Form, Name, bounds, format, identifiers, multiple_of, pattern, reference, types, values};
use super::node::*;
use crate::tape::{Kind, number};

impl Compiler<'_> {
    /// Reads the value of a keyword; gives what it comes to, as [`Keyword`] has it: one number, or a run. None if it is
    /// not what it must be.
    #[inline(never)]
    pub(super) fn read(&mut self, name: Name, value: u32) -> Option<(u32, u32)> {
        let form = name.entry().form;
        let (kinds, expected) = form.takes();
        let kind = self.view.kind(value);
        if kinds & bit(kind) == 0 {
            self.wrong(value, expected);
            return None;
        }
        let mut start = self.end();
        let one = match form {
            Form::Any | Form::Values if matches!(name, Name::Const | Name::Enum) => {
                values::read(self, value, name == Name::Enum);
                None
            }
            Form::Any | Form::Values | Form::Text | Form::Array => Some(0),
            Form::Flag => Some(u32::from(kind == Kind::True)),
            Form::Count => match number::count(self.view.raw(value)) {
                Some(count) => Some(u32::try_from(count).unwrap_or(NONE)),
                None => {
                    self.wrong(value, expected);
                    return None;
                }
            },
            Form::Number => Some(bounds::read(self, value)),
            Form::Divisor => Some(multiple_of::read(self, value)?),
            Form::Pattern => Some(pattern::read(self, value)?),
            Form::Format => Some(format::read(self, value)),
            Form::Reference => return reference::read(self, name, value),
            Form::Id => Some(identifiers::id(self, value)),
            Form::Anchor => Some(identifiers::anchor(self, value)),
            Form::Types => Some(types::read(self, value)),
            Form::OneOrList if kind == Kind::Array && self.draft == Dialect::Draft202012 => {
                let help = "a list of schemas is called \"prefixItems\" since draft 2020-12";
                self.note(value, code::SCHEMA, "a schema: an object, true or false", help);
                return None;
            }
            Form::List | Form::OneOrList if kind == Kind::Array => {
                for element in self.view.below(value) {
                    let node = self.node(self.document, element);
                    self.compiled.words.push(node);
                }
                if self.end() == start {
                    self.wrong(value, Form::List.takes().1);
                    return None;
                }
                None
            }
            Form::One | Form::OneOrList | Form::List => Some(self.node(self.document, value)),
            Form::Names => {
                self.names(NONE, value);
                None
            }
            Form::NamesByName | Form::EitherByName => {
                let (keys, members) = (start, self.unique(value));
                for &member in &members {
                    self.tell_string(member - 1);
                }
                start = self.end();
                for (&member, key) in members.iter().zip(keys..) {
                    if self.view.kind(member) == Kind::Array || form == Form::NamesByName {
                        self.names(key, member);
                    }
                }
                if form == Form::EitherByName {
                    return self.dependencies(&members, start);
                }
                None
            }
            Form::Map | Form::MapByPattern | Form::Definitions | Form::Vocabulary => {
                for member in self.unique(value) {
                    self.member(form, member);
                }
                None
            }
        };
        Some(one.map_or((start, self.end()), |one| (one, 0)))
    }

    /// `dependencies` that are schemas, not names: as `dependentSchemas` has them.
    fn dependencies(&mut self, members: &[u32], names: u32) -> Option<(u32, u32)> {
        let schemas = self.end();
        for &member in members {
            if self.view.kind(member) != Kind::Array {
                self.member(Form::Map, member);
            }
        }
        if self.end() > schemas {
            self.demand(OBJECT, Name::DependentSchemas, (schemas, self.end()));
        }
        (schemas > names).then_some((names, schemas))
    }

    fn member(&mut self, form: Form, member: u32) {
        let is_flag = matches!(self.view.kind(member), Kind::True | Kind::False);
        match form {
            Form::Vocabulary if is_flag => {}
            Form::Vocabulary => {
                self.wrong(member, "true if the vocabulary is required, else false");
            }
            // The schema's own are compiled whether something refers to them or not, so that their faults show.
            Form::Definitions if self.document > 0 => {}
            Form::Definitions => {
                self.node(0, member);
            }
            _ => {
                let node = self.node(self.document, member);
                if form == Form::Map {
                    self.tell_string(member - 1);
                } else {
                    let Some(pattern) = pattern::read(self, member - 1) else { return };
                    self.compiled.words.push(pattern);
                }
                self.compiled.words.push(node);
            }
        }
    }

    /// The members of an object by their names; of equal names the last.
    fn unique(&mut self, object: u32) -> Vec<u32> {
        let sorted = self.view.sorted(object);
        let mut members = Vec::new();
        for (place, &member) in sorted.iter().enumerate() {
            match sorted.get(place + 1) {
                Some(later) if self.view.compare(member - 1, later - 1).is_eq() => {
                    self.warn(later - 1, code::REPEATED, "each name once; the last one counts", "");
                }
                _ => members.push(member),
            }
        }
        members
    }

    /// The names in an array of strings without repetition, each behind the word `of`, and with its entry behind it.
    fn names(&mut self, of: u32, array: u32) {
        let view = self.view;
        if view.kind(array) != Kind::Array || view.below(array).any(|element| view.kind(element) != Kind::String) {
            self.wrong(array, Form::Names.takes().1);
            return;
        }
        let names = view.sorted(array);
        for (place, &name) in names.iter().enumerate() {
            if place > 0 && view.compare(names[place - 1], name).is_eq() {
                self.wrong(name, "each name once");
            }
            self.compiled.words.push(of);
            self.tell_string(name);
            self.compiled.words.push(name);
        }
    }

    /// Puts down what a string or key says: the name of a member.
    fn tell_string(&mut self, at: u32) {
        let mut memory = Vec::new();
        let view = self.view;
        self.tell(view.string(at, &mut memory), true);
    }

    /// The number that the next word will have.
    pub(super) fn end(&self) -> u32 {
        self.compiled.words.len() as u32
    }

    /// Notes that a keyword's value is not what it must be.
    #[cold]
    #[inline(never)]
    pub(super) fn wrong(&mut self, value: u32, expected: &str) {
        self.note(value, code::VALUE, expected, "");
    }

    /// The byte at which a value begins.
    pub(super) fn start(&self, at: u32) -> usize {
        self.view.tape.get(at as usize).map_or(0, |node| node.start as usize)
    }

    /// Notes a problem in the document at hand.
    #[cold]
    #[inline(never)]
    pub(super) fn note(&mut self, at: u32, code: &'static str, expected: &str, help: &str) {
        self.note_byte(self.start(at), code, expected, help);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn note_byte(&mut self, byte: usize, code: &'static str, expected: &str, help: &str) {
        if let Some(notes) = self.notes.get_mut(self.document as usize) {
            notes.add(code, byte, expected, help);
        }
    }

    /// Notes a problem in any document.
    #[cold]
    #[inline(never)]
    pub(super) fn note_in(&mut self, document: u32, at: u32, code: &'static str, expected: &str) {
        (self.document, self.view) = (document, self.registry.view(document));
        self.note(at, code, expected, "");
    }

    #[cold]
    #[inline(never)]
    pub(super) fn warn(&mut self, at: u32, code: &'static str, expected: &str, help: &str) {
        let start = self.start(at);
        if let Some(notes) = self.notes.get_mut(self.document as usize) {
            notes.warn(code, start, expected, help);
        }
    }
}

//! The keywords, one file for each or for a family that is read together, and the table of them.
//!
//! A file holds what a keyword demands of a value, and what of its own value needs more than the [`Form`] says.

pub(super) mod all_of;
pub(super) mod any_of;
pub(super) mod bounds;
pub(super) mod conditional;
pub(super) mod contains;
pub(super) mod dependent;
pub(super) mod format;
pub(super) mod identifiers;
pub(super) mod items;
pub(super) mod length;
pub(super) mod multiple_of;
pub(super) mod not;
pub(super) mod one_of;
pub(super) mod pattern;
pub(super) mod properties;
pub(super) mod property_names;
pub(super) mod reference;
pub(super) mod size;
pub(super) mod types;
pub(super) mod unevaluated;
pub(super) mod unique_items;
pub(super) mod values;

use super::dialect::Dialect;
use super::dialect::vocabulary::{APPLICATOR, CONTENT, CORE, FORMAT, METADATA, UNEVALUATED, VALIDATION};
use super::node::{ANY, ARRAY, BOOLEAN, Kinds, NUMBER, OBJECT, STRING};
use crate::tape::Kind;

/// A line of the table.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// The code of its findings; empty where it has none.
    pub(super) code: &'static str,
    /// The drafts that know it: a bit for each.
    drafts: u8,
    /// The vocabulary that it belongs to.
    pub(super) vocabulary: u8,
    pub(super) form: Form,
    /// The kinds of values that it demands something of, [`NOTES`] or [`PART`].
    pub(super) kinds: Kinds,
    /// What it would have had: a text in which `#` stands for its value, `$` for an s unless that is 1 and `^` for one if
    /// it is, `%` for how many there are in it, `@` for what the detail is the entry of, `!` for how many that is instead
    /// and `&` for a list of what is allowed.
    pub(super) expected: &'static str,
}

/// Of keywords that only annotate.
pub(super) const NOTES: Kinds = 1 << 15;
/// Of keywords that demand nothing by themselves.
pub(super) const PART: Kinds = 1 << 14;

/// What a keyword's value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Any,
    Text,
    Flag,
    Array,
    /// A whole number from 0.
    Count,
    Number,
    /// A number above 0.
    Divisor,
    Pattern,
    Format,
    Types,
    /// An array of values.
    Values,
    /// Names, none of them twice.
    Names,
    /// Names by the name of another member.
    NamesByName,
    /// The same, or schemas.
    EitherByName,
    Reference,
    Id,
    Anchor,
    Vocabulary,
    /// A schema.
    One,
    /// An array of schemas.
    List,
    /// A schema, or an array of schemas.
    OneOrList,
    /// An object of schemas.
    Map,
    /// The same, by patterns.
    MapByPattern,
    /// The same, none of which is applied.
    Definitions,
}

macro_rules! keywords {
    ($($id:ident $name:literal $code:literal $drafts:ident $vocabulary:ident $form:ident $kinds:ident $expected:literal;)*) => {
        /// A keyword, in the order in which they are evaluated: cheap before dear, those that mark before those that look at marks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(super) enum Name { $($id,)* }

        const TABLE: &[Entry] = &[$(Entry {
            name: $name, code: $code, drafts: $drafts, vocabulary: $vocabulary, form: Form::$form, kinds: $kinds, expected: $expected,
        },)*];

        const NAMES: &[Name] = &[$(Name::$id,)*];
    };
}

const OLD: u8 = 1;
const NEW: u8 = 2;
const BOTH: u8 = OLD | NEW;

keywords! {
    Schema "$schema" "" BOTH CORE Text PART "";
    Id "$id" "" BOTH CORE Id PART "";
    Anchor "$anchor" "" NEW CORE Anchor PART "";
    DynamicAnchor "$dynamicAnchor" "" NEW CORE Anchor PART "";
    Vocabulary "$vocabulary" "" NEW CORE Vocabulary PART "";
    Comment "$comment" "" BOTH CORE Text PART "";
    Defs "$defs" "" NEW CORE Definitions PART "";
    Definitions "definitions" "" BOTH CORE Definitions PART "";
    Type "type" "V101" BOTH VALIDATION Types PART "&";
    Const "const" "V102" BOTH VALIDATION Any ANY "#";
    Enum "enum" "V103" BOTH VALIDATION Values ANY "&";
    MultipleOf "multipleOf" "V111" BOTH VALIDATION Divisor NUMBER "a multiple of #";
    Minimum "minimum" "V112" BOTH VALIDATION Number NUMBER "a number of at least #";
    Maximum "maximum" "V113" BOTH VALIDATION Number NUMBER "a number of at most #";
    ExclusiveMinimum "exclusiveMinimum" "V114" BOTH VALIDATION Number NUMBER "a number above #";
    ExclusiveMaximum "exclusiveMaximum" "V115" BOTH VALIDATION Number NUMBER "a number below #";
    MinLength "minLength" "V121" BOTH VALIDATION Count STRING "at least # character$";
    MaxLength "maxLength" "V122" BOTH VALIDATION Count STRING "at most # character$";
    Pattern "pattern" "V123" BOTH VALIDATION Pattern STRING "a string that matches #";
    Format "format" "V124" BOTH FORMAT Format NOTES "a string of the format #";
    MinItems "minItems" "V131" BOTH VALIDATION Count ARRAY "at least # element$";
    MaxItems "maxItems" "V132" BOTH VALIDATION Count ARRAY "at most # element$";
    MinProperties "minProperties" "V141" BOTH VALIDATION Count OBJECT "at least # member$";
    MaxProperties "maxProperties" "V142" BOTH VALIDATION Count OBJECT "at most # member$";
    UniqueItems "uniqueItems" "V133" BOTH VALIDATION Flag ARRAY "elements that all differ";
    PrefixItems "prefixItems" "V134" NEW APPLICATOR List PART "no element here";
    Items "items" "V135" BOTH APPLICATOR OneOrList ARRAY "no element here";
    AdditionalItems "additionalItems" "V136" OLD APPLICATOR One PART "no element here";
    Contains "contains" "V137" BOTH APPLICATOR One ARRAY "at least 1 element that fits the schema";
    MinContains "minContains" "V138" NEW VALIDATION Count PART "at least # element$ that fit^ the schema of contains";
    MaxContains "maxContains" "V139" NEW VALIDATION Count PART "at most # element$ that fit^ the schema of contains";
    Required "required" "V143" BOTH VALIDATION Names PART "the member @";
    Properties "properties" "V144" BOTH APPLICATOR Map OBJECT "no such member";
    PatternProperties "patternProperties" "V145" BOTH APPLICATOR MapByPattern PART "no such member";
    AdditionalProperties "additionalProperties" "V146" BOTH APPLICATOR One PART "&";
    PropertyNames "propertyNames" "V147" BOTH APPLICATOR One OBJECT "no member of any name";
    DependentRequired "dependentRequired" "V148" NEW VALIDATION NamesByName OBJECT "the member @, which another one asks for";
    DependentSchemas "dependentSchemas" "V149" NEW APPLICATOR Map OBJECT "no such member";
    Dependencies "dependencies" "V150" BOTH APPLICATOR EitherByName OBJECT "the member @, which another one asks for";
    Ref "$ref" "V161" BOTH CORE Reference ANY "nothing here: no value is valid";
    DynamicRef "$dynamicRef" "V162" NEW CORE Reference ANY "nothing here: no value is valid";
    AllOf "allOf" "V163" BOTH APPLICATOR List ANY "nothing here: no value is valid";
    AnyOf "anyOf" "V164" BOTH APPLICATOR List ANY "a value that fits at least one of % schemas";
    OneOf "oneOf" "V165" BOTH APPLICATOR List ANY "a value that fits exactly one of % schemas!";
    Not "not" "V166" BOTH APPLICATOR One ANY "a value that does not fit the schema";
    If "if" "" BOTH APPLICATOR One ANY "";
    Then "then" "V168" BOTH APPLICATOR One PART "a value that does not fit the schema of if";
    Else "else" "V169" BOTH APPLICATOR One PART "a value that fits the schema of if";
    UnevaluatedItems "unevaluatedItems" "V171" NEW UNEVALUATED One ARRAY "no element that no other keyword has evaluated";
    UnevaluatedProperties "unevaluatedProperties" "V172" NEW UNEVALUATED One OBJECT "&";
    Title "title" "" BOTH METADATA Text NOTES "";
    Description "description" "" BOTH METADATA Text NOTES "";
    Default "default" "" BOTH METADATA Any NOTES "";
    Deprecated "deprecated" "" NEW METADATA Flag NOTES "";
    ReadOnly "readOnly" "" BOTH METADATA Flag NOTES "";
    WriteOnly "writeOnly" "" BOTH METADATA Flag NOTES "";
    Examples "examples" "" BOTH METADATA Array NOTES "";
    ContentEncoding "contentEncoding" "" BOTH CONTENT Text NOTES "";
    ContentMediaType "contentMediaType" "" BOTH CONTENT Text NOTES "";
    ContentSchema "contentSchema" "" NEW CONTENT One NOTES "";
}

impl Name {
    /// How many there are.
    pub(super) const ALL: usize = NAMES.len();

    /// The keyword of that name in any draft.
    pub(super) fn of(name: &[u8]) -> Option<Name> {
        NAMES.iter().copied().find(|known| known.entry().name.as_bytes() == name)
    }

    pub(super) fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// All, in the order of their evaluation.
    pub(super) fn all() -> impl Iterator<Item = Name> {
        NAMES.iter().copied()
    }
}

impl Entry {
    /// Whether a draft knows it.
    pub(super) fn is_of(&self, draft: Dialect) -> bool {
        let bit = if draft == Dialect::Draft07 { OLD } else { NEW };
        self.drafts & bit != 0
    }
}

impl Form {
    /// The kinds that a value may be of, and how that is said.
    pub(super) fn takes(self) -> (Kinds, &'static str) {
        match self {
            Form::Any | Form::One | Form::OneOrList | Form::Types => (ANY, ""),
            Form::Text => (STRING, "a string"),
            Form::Flag => (BOOLEAN, "true or false"),
            Form::Array => (ARRAY, "an array"),
            Form::Count => (NUMBER, "a whole number from 0"),
            Form::Number => (NUMBER, "a number"),
            Form::Divisor => (NUMBER, "a number above 0"),
            Form::Pattern => (STRING, "a regular expression"),
            Form::Format => (STRING, "the name of a format"),
            Form::Values => (ARRAY, "an array of the values that are allowed"),
            Form::Names => (ARRAY, "an array of strings"),
            Form::NamesByName => (OBJECT, "an object whose members are arrays of names"),
            Form::EitherByName => (OBJECT, "an object whose members are schemas or arrays of names"),
            Form::Reference => (STRING, "a reference: a URI, relative or not"),
            Form::Id => (STRING, "a URI, relative or not"),
            Form::Anchor => (STRING, "a name: a letter or _, then letters, digits, - _ and ."),
            Form::Vocabulary => (OBJECT, "an object of vocabularies"),
            Form::List => (ARRAY, "a non-empty array of schemas"),
            Form::Map | Form::MapByPattern | Form::Definitions => (OBJECT, "an object whose members are schemas"),
        }
    }

    /// Whether a value of that kind is a schema; and whether what is directly below it is.
    pub(super) fn schemas(self, kind: Kind) -> (bool, bool) {
        match (self, kind) {
            (Form::One | Form::OneOrList, Kind::Object) => (true, false),
            (Form::List | Form::OneOrList, Kind::Array) => (false, true),
            (Form::Map | Form::MapByPattern | Form::EitherByName | Form::Definitions, Kind::Object) => (false, true),
            _ => (false, false),
        }
    }
}

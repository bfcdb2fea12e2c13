//! The keywords, one file for each or for a family that is read together, and the table of them.
//!
//! A file holds what a keyword's value must be (and what is wrong with it otherwise), what it demands of a value, and
//! how that is said in a finding.

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
pub(super) mod metadata;
pub(super) mod multiple_of;
pub(super) mod not;
pub(super) mod one_of;
pub(super) mod pattern;
pub(super) mod properties;
pub(super) mod property_names;
pub(super) mod reference;
pub(super) mod required;
pub(super) mod size;
pub(super) mod types;
pub(super) mod unevaluated;
pub(super) mod unique_items;
pub(super) mod values;

use super::compile::{Builder, Compiler};
use super::dialect::Dialect::{self, Draft07, Draft202012};
use super::dialect::vocabulary::{APPLICATOR, CONTENT, CORE, FORMAT, METADATA, UNEVALUATED, VALIDATION};
use super::finding::Why;
use crate::tape::Cursor;

/// A line of the table.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// The code of its findings; empty where it has none.
    pub(super) code: &'static str,
    /// The drafts that know it.
    pub(super) drafts: &'static [Dialect],
    /// The vocabulary that it belongs to.
    pub(super) vocabulary: u8,
    /// Where schemas stand in its value.
    pub(super) shape: Shape,
    pub(super) compile: Compile,
    pub(super) expected: Expected,
}

/// Reads a keyword's value into the schema that is being built.
pub(super) type Compile = for<'a> fn(&mut Compiler<'a>, &mut Builder, Cursor<'a>);
/// What a keyword would have had.
pub(super) type Expected = fn(&Why<'_>) -> String;

/// Where schemas stand in a keyword's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    /// It is one.
    One,
    /// It is an array of them.
    List,
    /// It is one, or an array of them.
    OneOrList,
    /// Its members are.
    Map,
}

macro_rules! keywords {
    ($($(#[$doc:meta])* $id:ident $name:literal $code:literal $drafts:ident $vocabulary:ident $shape:ident $compile:path, $expected:path;)*) => {
        /// A keyword, in the order in which they are evaluated: cheap before dear, those that mark before those that look at marks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(super) enum Name { $($(#[$doc])* $id,)* }

        const TABLE: &[Entry] = &[$(Entry {
            name: $name, code: $code, drafts: $drafts, vocabulary: $vocabulary, shape: Shape::$shape, compile: $compile, expected: $expected,
        },)*];

        const NAMES: &[Name] = &[$(Name::$id,)*];
    };
}

const BOTH: &[Dialect] = &[Draft07, Draft202012];
const OLD: &[Dialect] = &[Draft07];
const NEW: &[Dialect] = &[Draft202012];

keywords! {
    Schema "$schema" "" BOTH CORE Plain identifiers::uri, nothing;
    Id "$id" "" BOTH CORE Plain identifiers::id, nothing;
    Anchor "$anchor" "" NEW CORE Plain identifiers::anchor, nothing;
    DynamicAnchor "$dynamicAnchor" "" NEW CORE Plain identifiers::anchor, nothing;
    Vocabulary "$vocabulary" "" NEW CORE Plain identifiers::vocabulary, nothing;
    Comment "$comment" "" BOTH CORE Plain metadata::comment, nothing;
    Defs "$defs" "" NEW CORE Map identifiers::definitions, nothing;
    Definitions "definitions" "" BOTH CORE Map identifiers::definitions, nothing;
    Type "type" "V101" BOTH VALIDATION Plain types::compile, types::expected;
    Const "const" "V102" BOTH VALIDATION Plain values::constant, values::expected;
    Enum "enum" "V103" BOTH VALIDATION Plain values::enumeration, values::expected;
    MultipleOf "multipleOf" "V111" BOTH VALIDATION Plain multiple_of::compile, multiple_of::expected;
    Minimum "minimum" "V112" BOTH VALIDATION Plain bounds::compile, bounds::expected;
    Maximum "maximum" "V113" BOTH VALIDATION Plain bounds::compile, bounds::expected;
    ExclusiveMinimum "exclusiveMinimum" "V114" BOTH VALIDATION Plain bounds::compile, bounds::expected;
    ExclusiveMaximum "exclusiveMaximum" "V115" BOTH VALIDATION Plain bounds::compile, bounds::expected;
    MinLength "minLength" "V121" BOTH VALIDATION Plain length::compile, length::expected;
    MaxLength "maxLength" "V122" BOTH VALIDATION Plain length::compile, length::expected;
    Pattern "pattern" "V123" BOTH VALIDATION Plain pattern::compile, pattern::expected;
    Format "format" "V124" BOTH FORMAT Plain format::compile, format::expected;
    MinItems "minItems" "V131" BOTH VALIDATION Plain size::compile, size::expected;
    MaxItems "maxItems" "V132" BOTH VALIDATION Plain size::compile, size::expected;
    MinProperties "minProperties" "V141" BOTH VALIDATION Plain size::compile, size::expected;
    MaxProperties "maxProperties" "V142" BOTH VALIDATION Plain size::compile, size::expected;
    UniqueItems "uniqueItems" "V133" BOTH VALIDATION Plain unique_items::compile, unique_items::expected;
    PrefixItems "prefixItems" "V134" NEW APPLICATOR List items::prefix, items::expected;
    Items "items" "V135" BOTH APPLICATOR OneOrList items::items, items::expected;
    AdditionalItems "additionalItems" "V136" OLD APPLICATOR One items::additional, items::expected;
    Contains "contains" "V137" BOTH APPLICATOR One contains::compile, contains::expected;
    MinContains "minContains" "V138" NEW VALIDATION Plain contains::least, contains::expected_count;
    MaxContains "maxContains" "V139" NEW VALIDATION Plain contains::most, contains::expected_count;
    Required "required" "V143" BOTH VALIDATION Plain required::compile, required::expected;
    Properties "properties" "V144" BOTH APPLICATOR Map properties::properties, properties::expected;
    PatternProperties "patternProperties" "V145" BOTH APPLICATOR Map properties::patterns, properties::expected;
    AdditionalProperties "additionalProperties" "V146" BOTH APPLICATOR One properties::additional, properties::expected_known;
    PropertyNames "propertyNames" "V147" BOTH APPLICATOR One property_names::compile, property_names::expected;
    DependentRequired "dependentRequired" "V148" NEW VALIDATION Plain dependent::required, dependent::expected_member;
    DependentSchemas "dependentSchemas" "V149" NEW APPLICATOR Map dependent::schemas, dependent::expected;
    Dependencies "dependencies" "V150" BOTH APPLICATOR Map dependent::dependencies, dependent::expected_member;
    Ref "$ref" "V161" BOTH CORE Plain reference::fixed, reference::expected;
    DynamicRef "$dynamicRef" "V162" NEW CORE Plain reference::dynamic, reference::expected;
    AllOf "allOf" "V163" BOTH APPLICATOR List all_of::compile, all_of::expected;
    AnyOf "anyOf" "V164" BOTH APPLICATOR List any_of::compile, any_of::expected;
    OneOf "oneOf" "V165" BOTH APPLICATOR List one_of::compile, one_of::expected;
    Not "not" "V166" BOTH APPLICATOR One not::compile, not::expected;
    If "if" "V167" BOTH APPLICATOR One conditional::condition, nothing;
    Then "then" "V168" BOTH APPLICATOR One conditional::then, conditional::expected;
    Else "else" "V169" BOTH APPLICATOR One conditional::otherwise, conditional::expected;
    UnevaluatedItems "unevaluatedItems" "V171" NEW UNEVALUATED One unevaluated::items, unevaluated::expected_items;
    UnevaluatedProperties "unevaluatedProperties" "V172" NEW UNEVALUATED One unevaluated::properties, unevaluated::expected_properties;
    Title "title" "" BOTH METADATA Plain metadata::text, nothing;
    Description "description" "" BOTH METADATA Plain metadata::text, nothing;
    Default "default" "" BOTH METADATA Plain metadata::any, nothing;
    Deprecated "deprecated" "" NEW METADATA Plain metadata::boolean, nothing;
    ReadOnly "readOnly" "" BOTH METADATA Plain metadata::boolean, nothing;
    WriteOnly "writeOnly" "" BOTH METADATA Plain metadata::boolean, nothing;
    Examples "examples" "" BOTH METADATA Plain metadata::list, nothing;
    ContentEncoding "contentEncoding" "" BOTH CONTENT Plain metadata::text, nothing;
    ContentMediaType "contentMediaType" "" BOTH CONTENT Plain metadata::text, nothing;
    ContentSchema "contentSchema" "" NEW CONTENT One metadata::schema, nothing;
}

impl Name {
    /// The keyword of that name in a draft.
    pub(super) fn of(name: &str, draft: Dialect) -> Option<Name> {
        let found = TABLE.iter().position(|entry| entry.name == name && entry.drafts.contains(&draft))?;
        NAMES.get(found).copied()
    }

    pub(super) fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The names of a draft's keywords.
    pub(super) fn all(draft: Dialect) -> impl Iterator<Item = &'static str> {
        TABLE.iter().filter(move |entry| entry.drafts.contains(&draft)).map(|entry| entry.name)
    }
}

/// Of keywords that find no fault themselves.
fn nothing(_: &Why<'_>) -> String {
    String::new()
}

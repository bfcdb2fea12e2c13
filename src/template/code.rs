//! What can be wrong with a template: its codes.

/// Odd: a path that no known event type has, and that is nearly one.
pub(crate) const UNKNOWN: &str = "T382";

/// A JSON value that is none.
pub(super) const JSON: &str = "T300";
/// A tag that does not end.
pub(super) const UNCLOSED: &str = "T301";
/// A section that does not end, or an end of none.
pub(super) const PAIR: &str = "T302";
/// A name that cannot be read.
pub(super) const NAME: &str = "T303";
/// A name with an `@` that is no common field.
pub(super) const FIELD: &str = "T304";
/// A formatter that is none.
pub(super) const FORMAT: &str = "T305";
/// A partial that is not there.
pub(super) const PARTIAL: &str = "T306";
/// Over a limit.
pub(super) const LIMIT: &str = "T307";
/// Literal text that is no JSON.
pub(super) const SHAPE: &str = "T308";
/// A placeholder where none may stand.
pub(super) const PLACE: &str = "T309";
/// A section that changes the state of the JSON.
pub(super) const STATE: &str = "T310";
/// A partial within itself.
pub(super) const RECURSION: &str = "T311";
/// A key that was not given, or is too short.
pub(super) const KEY: &str = "T312";
/// A text that no receiver takes, whatever the values.
pub(super) const RECEIVER: &str = "T313";
/// Odd: a partial that is not there.
pub(super) const ABSENT: &str = "T381";
/// There are more.
pub(super) const MORE: &str = "T399";

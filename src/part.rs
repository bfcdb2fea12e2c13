//! The parts that a build may lack, each behind a cargo feature of its name.
//!
//! What only a part can make holds a value of the part's type. Where the part is left out that type has no values, so that
//! nothing of what follows can come to be, and the compiler leaves it out. Whoever asks for it is refused with [`LACKS`].

/// The code of: the build at hand lacks a part.
pub(crate) const LACKS: &str = "P116";

/// What to do about that.
pub(crate) const MEND: &str = "build with that cargo feature; the published package has all of them";

/// The build has all parts.
pub(crate) const ALL: bool =
    cfg!(all(feature = "destinations", feature = "detectors", feature = "query", feature = "schema"));

macro_rules! parts {
    ($($(#[$about:meta])* $feature:literal $name:ident)*) => { $(
        $(#[$about])*
        #[cfg(feature = $feature)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name;
        $(#[$about])*
        #[cfg(not(feature = $feature))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {}

        #[allow(dead_code)] // not every part is asked for in every way
        impl $name {
            /// What a build has that has this part.
            pub(crate) const EXPECTED: &str = concat!("a build of Logweir with the feature \"", $feature, "\"");

            /// It, or none where the build lacks it; and what to say then.
            pub(crate) const NEED: (Option<$name>, &str) = ($name::get(), $name::EXPECTED);

            /// None where the build lacks it.
            #[cfg(feature = $feature)]
            #[inline(always)]
            pub(crate) const fn get() -> Option<$name> {
                Some($name)
            }

            /// None where the build lacks it.
            #[cfg(not(feature = $feature))]
            #[inline(always)]
            pub(crate) const fn get() -> Option<$name> {
                None
            }

            /// Tells the compiler that nobody comes here where the build lacks it.
            #[inline(always)]
            pub(crate) const fn go(self) {
                #[cfg(not(feature = $feature))]
                match self {}
            }
        }
    )* };
}

parts! {
    /// Event types: which event a record is, what its fields mean.
    "catalog" Events
    /// JSON Schema.
    "schema" Schemas
    /// The search language.
    "query" Queries
    /// Templates.
    "template" Templates
    /// Destinations other than bodies for whoever calls.
    "destinations" Destinations
    /// What looks at every value: detectors and patterns.
    "detectors" Detecting
}

//! Where all rooms meet: compile a policy once, then run chunks through it.
//!
//! Each record goes `scan` → `tape` → `detect` → `schema` → `query` → `redact` → `template` → `encode`; whatever stops
//! it on the way ends in quarantine.

mod delivery;
mod run;
mod trip;

use std::sync::Arc;

use crate::accept::Unknown;
use crate::detect::Places;
use crate::document::{Problem, Problems};
use crate::encode::Body;
use crate::flow;
use crate::limits::MAX_WRAPPERS;
use crate::plan::{Plan, PlanBuilder};
use crate::policy::{self, Policy, Route};
use crate::recognition::Catalog;
use crate::redact::{Events, Redactor, Told};
use crate::template::Template;
pub(crate) use run::Chosen;
pub use run::{Batch, Run};

/// A compiled policy. Cheap to clone; holds no state of any run.
///
/// ```
/// let pipeline = logweir::Pipeline::compile(r#"{
///     "logweir": 1,
///     "redact": [{ "path": "log.user.email", "with": "remove" }],
/// }"#)?;
/// let mut run = pipeline.run();
/// run.push(br#"{"log":"{\"user\":{\"email\":\"ana@example.org\",\"id\":7}}"}"#);
/// run.end();
/// assert_eq!(run.output(0).bytes, b"{\"log\":\"{\\\"user\\\":{\\\"id\\\":7}}\"}\n");
/// assert_eq!(run.report().kept, 1);
/// # Ok::<(), logweir::Problems>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    policy: Policy,
    /// By how many keys lead from a record to the event in it: paths are meant from there, and from the record too.
    /// Where nobody asks for events, the first alone.
    views: Vec<View>,
    /// The routes that have something for records that are too large, a bit each.
    reducible: u32,
    /// All routes, where neither queries nor sampling choose among records.
    all: Option<u32>,
}

/// What is asked of a record.
#[derive(Debug)]
struct View {
    plan: Plan,
    redactor: Redactor,
    /// Where the search for the event looks, if not at all of the record.
    places: Option<Places>,
}

impl View {
    fn new(text: &str, policy: &Policy, (wrappers, told): (usize, &Told)) -> Result<View, Problems> {
        let accept = policy.accept.as_ref();
        let mut plan = PlanBuilder::default();
        let types = accept.map_or(&[][..], |accept| accept.catalog.event_types());
        let unknown = accept.is_some_and(|accept| accept.unknown == Unknown::Pass);
        let events = Events { types, wrappers, unknown, told };
        let reduced = policy.oversize.iter().flatten().count();
        let mut redactor = Redactor::new(&policy.redact, policy.routes.len() + reduced, events, &mut plan);
        let asked = accept.map(|accept| accept.ask(wrappers, &mut plan));
        policy.filter.ask(types, &mut plan);
        if !policy.sampling.is_empty() {
            plan.ask_everything();
        }
        let plan = plan.build().map_err(|_| policy::too_large(text))?;
        redactor.settle(&plan);
        let places = accept.zip(asked).and_then(|(accept, asked)| accept.places(wrappers, &plan, asked));
        Ok(View { plan, redactor, places })
    }
}

impl Pipeline {
    /// Compiles a policy: JSON, with comments and trailing commas allowed.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn compile(text: &str) -> Result<Pipeline, Problems> {
        Pipeline::compile_with(text, &[])
    }

    /// Compiles a policy that names keys: each with its name, and at least 32 bytes of it. One of the name `*` stands for
    /// all that are not given, where nothing is to be hashed in earnest.
    ///
    /// # Errors
    /// As [`Pipeline::compile`].
    pub fn compile_with(text: &str, keys: &[(String, Vec<u8>)]) -> Result<Pipeline, Problems> {
        let policy = policy::read(text, keys)?;
        let accept = policy.accept.as_ref();
        let told = Told::of(accept.map_or(&[], |accept| accept.catalog.event_types()), &policy.redact);
        let most = if accept.is_some() { MAX_WRAPPERS } else { 0 };
        let views = (0..=most).map(|wrappers| View::new(text, &policy, (wrappers, &told)));
        let views = views.collect::<Result<_, _>>()?;
        let reducible = policy.oversize.iter().enumerate();
        let reducible = reducible.fold(0, |all, (number, oversize)| all | u32::from(oversize.is_some()) << number);
        let all = (policy.filter.is_empty() && policy.sampling.is_empty()).then(|| !(u32::MAX << policy.routes.len()));
        Ok(Pipeline { compiled: Arc::new(Compiled { policy, views, reducible, all }) })
    }

    /// The routes, in the policy's order.
    pub fn routes(&self) -> &[Route] {
        &self.compiled.policy.routes
    }

    /// How many redaction rules there are.
    pub fn rules(&self) -> usize {
        self.compiled.policy.rules
    }

    /// What is odd about the policy without being wrong.
    pub fn warnings(&self) -> &[Problem] {
        &self.compiled.policy.warnings
    }

    /// What of the events that the policy accepts could pass a route as it came, each at its route, with the shortest mend;
    /// and what it allows for nothing. `text` is the policy's.
    pub fn leaks(&self, text: &str) -> Vec<Problem> {
        let views: Vec<_> = self.compiled.views.iter().map(|view| (&view.redactor, &view.plan)).collect();
        flow::leaks(text, &self.compiled.policy, &views)
    }

    /// The policy's own tests, as a JSON array; empty if it has none.
    pub fn tests(&self) -> &str {
        &self.compiled.policy.tests
    }

    /// The policy that it was made of.
    pub(crate) fn policy(&self) -> &Policy {
        &self.compiled.policy
    }

    /// What the rules say of a record whose event lies below so many keys.
    pub(crate) fn redactor(&self, wrappers: usize) -> Option<(&Redactor, &Plan)> {
        self.compiled.views.get(wrappers).map(|view| (&view.redactor, &view.plan))
    }

    /// The names of the event types that records are held against.
    #[doc(hidden)]
    pub fn event_types(&self) -> impl Iterator<Item = &str> {
        let accept = self.compiled.policy.accept.as_ref();
        accept.into_iter().flat_map(|accept| accept.catalog.types()).map(|(name, _)| name)
    }

    /// What each route gets.
    fn bodies(&self) -> Vec<Body> {
        let Policy { routes, templates, accept, limits, .. } = &self.compiled.policy;
        let renders = templates.iter().any(Option::is_some) || routes.iter().any(|route| route.to.renders());
        let own = || accept.as_ref().map_or_else(Catalog::built_in, |accept| accept.catalog.clone());
        let catalog = renders.then(own);
        let body = |(route, template): (&Route, &Option<Template>)| {
            Body::new(&route.to, template.as_ref(), catalog.as_ref(), limits.output_bytes)
        };
        routes.iter().zip(templates).map(body).collect()
    }

    /// A new run: counts at zero, nothing buffered, the first input of unknown format.
    pub fn run(&self) -> Run {
        Run::new(self)
    }
}

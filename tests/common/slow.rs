//! Redaction the slow way: paths followed segment by segment over a tree. What the core does at speed must be this.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::doc::{Doc, NAMES, plainly, raw};

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Name(String),
    Any,
    Deep,
    Index(usize),
    Element,
}

/// What to do where.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) paths: Vec<Vec<Step>>,
    /// None: remove.
    pub(crate) with: Option<String>,
}

pub(crate) fn path() -> impl Strategy<Value = Vec<Step>> {
    let name = prop::sample::select(NAMES).prop_map(|name| Step::Name(name.to_owned()));
    let index = prop_oneof![3 => (0usize..4).prop_map(Step::Index), 2 => Just(Step::Element)];
    let step = prop_oneof![6 => name, 2 => Just(Step::Any), 2 => Just(Step::Deep), 2 => index];
    vec(step, 1..5)
}

pub(crate) fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let with = prop_oneof![
        Just(None),
        raw().prop_map(Some),
        Just(Some(r#""[redacted]""#.to_owned())),
        Just(Some(r#"{"é\n":[1,"\\"]}"#.to_owned()))
    ];
    vec((vec(path(), 1..3), with).prop_map(|(paths, with)| Rule { paths, with }), 1..4)
}

/// A path as the policy writes it.
pub(crate) fn written(path: &[Step]) -> String {
    let mut out = String::new();
    for (i, step) in path.iter().enumerate() {
        if i > 0 && !matches!(step, Step::Index(_) | Step::Element) {
            out.push('.');
        }
        match step {
            Step::Name(name) => out.extend(name.chars().flat_map(|c| {
                let special = matches!(c, '.' | '[' | ']' | '*' | '\\');
                special.then_some('\\').into_iter().chain([c])
            })),
            Step::Any => out.push('*'),
            Step::Deep => out.push_str("**"),
            Step::Index(number) => out.push_str(&format!("[{number}]")),
            Step::Element => out.push_str("[*]"),
        }
    }
    out
}

/// The policy of some rules; its numbers keep their text.
pub(crate) fn policy(rules: &[Rule], more: Value) -> String {
    let rules: Vec<String> = rules
        .iter()
        .map(|rule| {
            let paths: Vec<String> = rule.paths.iter().map(|path| written(path)).collect();
            let with = rule.with.as_ref().map_or(r#""remove""#.to_owned(), |with| format!(r#"{{"replace":{with}}}"#));
            format!(r#"{{"path":{},"with":{with}}}"#, json!(paths))
        })
        .collect();
    let more: String = more.as_object().into_iter().flatten().map(|(k, v)| format!(",{}:{v}", json!(k))).collect();
    format!(r#"{{"logweir":1,"redact":[{}]{more}}}"#, rules.join(","))
}

/// The slow redactor: what is counted on the way.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) fired: Vec<u64>,
    pub(crate) entered: u64,
    pub(crate) withheld: u64,
}

/// Where one is in the paths: (rule, path of the rule, steps already made).
type Places = BTreeSet<(usize, usize, usize)>;

pub(crate) struct Slow<'a> {
    rules: &'a [Rule],
    paths: Vec<Vec<Vec<Step>>>,
    pub(crate) counted: Counted,
}

impl<'a> Slow<'a> {
    pub(crate) fn new(rules: &'a [Rule]) -> Self {
        // `a.**` is everything below `a`, not `a` itself.
        let below = |path: &Vec<Step>| {
            let mut path = path.clone();
            if path.last() == Some(&Step::Deep) {
                path.insert(path.len() - 1, Step::Any);
            }
            path
        };
        let paths = rules.iter().map(|rule| rule.paths.iter().map(below).collect()).collect();
        Slow { rules, paths, counted: Counted { fired: vec![0; rules.len()], ..Counted::default() } }
    }

    /// The record redacted; `strings` is how many strings deep documents are opened.
    pub(crate) fn record(&mut self, doc: &Doc, strings: usize) -> Doc {
        let start = self.paths.iter().enumerate().flat_map(|(r, paths)| (0..paths.len()).map(move |p| (r, p, 0)));
        let start = self.closed(start.collect());
        self.value(doc, &start, strings).unwrap_or(Doc::Raw("nothing is left of the record".to_owned()))
    }

    fn step(&self, (rule, path, done): (usize, usize, usize)) -> Option<&Step> {
        self.paths[rule][path].get(done)
    }

    /// `**` may stand for nothing.
    fn closed(&self, mut places: Places) -> Places {
        loop {
            let more: Places =
                places.iter().filter(|p| self.step(**p) == Some(&Step::Deep)).map(|&(r, p, d)| (r, p, d + 1)).collect();
            if more.is_subset(&places) {
                return places;
            }
            places.extend(more);
        }
    }

    fn follow(&self, places: &Places, key: Result<&str, usize>) -> Places {
        let mut to = Places::new();
        for &place in places {
            let on = (place.0, place.1, place.2 + 1);
            match (self.step(place), key) {
                (Some(Step::Deep), _) => to.extend([place]),
                (Some(Step::Any), _) => to.extend([on]),
                (Some(Step::Name(name)), Ok(key)) if name == key => to.extend([on]),
                (Some(Step::Name(_)), Err(_)) => to.extend([place]), // a name steps through arrays
                (Some(Step::Element), Err(_)) => to.extend([on]),
                (Some(Step::Index(index)), Err(number)) if *index == number => to.extend([on]),
                _ => {}
            }
        }
        self.closed(to)
    }

    /// None: removed.
    fn value(&mut self, doc: &Doc, places: &Places, strings: usize) -> Option<Doc> {
        let asking = places.iter().filter(|p| self.step(**p).is_none()).map(|p| p.0);
        // The most withholding wins; of equals, the first.
        if let Some(rule) = asking.min_by_key(|&rule| (self.rules[rule].with.is_some(), rule)) {
            self.counted.fired[rule] += 1;
            return self.rules[rule].with.clone().map(Doc::Raw);
        }
        let goes_on = !places.is_empty();
        Some(match doc {
            Doc::Inside(inner) if goes_on => {
                if strings == 0 {
                    return Some(self.withheld());
                }
                self.counted.entered += 1;
                Doc::Inside(Box::new(self.value(inner, places, strings - 1)?))
            }
            Doc::Cut(..) if goes_on && unreadable(&doc.cut_off(&mut plainly())) => self.withheld(),
            Doc::Array(elements) => {
                let steps = self.paths.iter().flatten().flatten();
                let numbered = steps.into_iter().any(|step| matches!(step, Step::Index(_)));
                let each = elements.iter().enumerate().filter_map(|(number, element)| {
                    let places = self.follow(places, Err(number));
                    // Where elements are named by number, all keep theirs.
                    let value = self.value(element, &places, strings);
                    value.or(numbered.then(|| Doc::Raw("null".to_owned())))
                });
                Doc::Array(each.collect())
            }
            Doc::Object(members) => {
                let each = members.iter().filter_map(|(name, value)| {
                    let places = self.follow(places, Ok(name));
                    Some((name.clone(), self.value(value, &places, strings)?))
                });
                Doc::Object(each.collect())
            }
            leaf => leaf.clone(),
        })
    }

    fn withheld(&mut self) -> Doc {
        self.counted.withheld += 1;
        Doc::Text("[withheld]".to_owned())
    }
}

/// Of a plainly written text that is cut off: whether it shows that it should have held JSON.
fn unreadable(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| rest.trim_start_matches('\\').starts_with('"'))
}

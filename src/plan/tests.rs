//! Paths as they are written, and the automaton that they become.

use proptest::collection::{hash_set, vec};
use proptest::prelude::*;

use super::keys::{Keys, OTHER};
use super::path::Segment;
use super::{DEAD, Path, Plan, PlanBuilder, START};
use crate::common::seed::config;

fn segment() -> impl Strategy<Value = Segment> {
    let name = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        "[a-z.*\\[\\]\\\\ ]{1,9}",
        any::<String>().prop_filter("a name", |s| !s.is_empty())
    ];
    prop_oneof![
        4 => name.prop_map(Segment::Name),
        1 => Just(Segment::Any),
        1 => Just(Segment::Deep),
        1 => (0u32..3).prop_map(Segment::Index),
        1 => any::<u32>().prop_map(Segment::Index),
        1 => Just(Segment::Element),
    ]
}

fn written(segments: &[Segment]) -> String {
    let mut out = String::new();
    for (i, segment) in segments.iter().enumerate() {
        let index = matches!(segment, Segment::Index(_) | Segment::Element | Segment::Elements);
        out.push_str(if i > 0 && !index { "." } else { "" });
        match segment {
            Segment::Name(name) => {
                out.extend(name.chars().flat_map(|c| [".[]*\\".contains(c).then_some('\\'), Some(c)]).flatten())
            }
            Segment::Any => out.push('*'),
            Segment::Deep => out.push_str("**"),
            Segment::Index(number) => out.push_str(&format!("[{number}]")),
            Segment::Element | Segment::Elements => out.push_str("[*]"),
        }
    }
    out
}

/// One step down from a value: to a member of that name, or to that element.
type Down<'a> = Result<&'a str, u32>;

/// Whether a path, step by step, leads down that way.
fn leads(path: &[Segment], way: &[Down<'_>]) -> bool {
    match (path, way) {
        ([], _) => way.is_empty(),
        ([Segment::Deep | Segment::Elements, rest @ ..], _) if leads(rest, way) => true,
        (_, []) => false,
        ([first, rest @ ..], [down, on @ ..]) => match (first, down) {
            (Segment::Deep, _) | (Segment::Elements, Err(_)) => leads(path, on),
            (Segment::Name(name), Ok(key)) => name == key && leads(rest, on),
            (Segment::Name(_), Err(_)) => leads(path, on),
            (Segment::Any, _) | (Segment::Element, Err(_)) => leads(rest, on),
            (Segment::Index(index), Err(number)) => index == number && leads(rest, on),
            _ => false,
        },
    }
}

fn follow(plan: &Plan, way: &[Down<'_>]) -> Vec<u32> {
    let mut state = START;
    for down in way {
        state = match down {
            Ok(key) => {
                let decoded = plan.member_decoded(state, key.as_bytes());
                // The same key where it stands in a text: found by its bytes, unless it needs escapes.
                if !key.bytes().any(|b| b < b' ' || b == b'"' || b == b'\\') {
                    let text = format!("\"{key}\":        ");
                    assert_eq!(plan.member(state, text.as_bytes(), 1, 1 + key.len()), decoded, "{key:?}");
                    let first = text.as_bytes()[1];
                    let members = plan.members(state);
                    assert!(
                        members.other == decoded || super::Members::may_differ(members.bits, first, key.len()),
                        "{key:?} would be passed over"
                    );
                }
                decoded
            }
            Err(number) => {
                let (all, numbered) = plan.elements(state);
                let element = plan.element(state, *number);
                assert!(numbered || element == all);
                element
            }
        };
    }
    assert_eq!(plan.is_asked(state), !plan.asked(state).is_empty());
    assert!(state != DEAD || plan.asked(state).is_empty());
    plan.asked(state).to_vec()
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_written_path_is_read_as_it_was_meant(segments in vec(segment(), 1..7)) {
        let read = Path::parse(&written(&segments)).map(|path| path.segments);
        let mut meant = segments;
        if meant.last() == Some(&Segment::Deep) {
            meant.insert(meant.len() - 1, Segment::Any); // what lies below, not the thing itself
        }
        prop_assert_eq!(read, Ok(meant));
    }

    #[test]
    fn any_text_is_a_path_or_is_told_where_it_is_none(text in "[a-c.*\\[\\]\\\\0-9é]{0,12}") {
        match Path::parse(&text) {
            Ok(path) => prop_assert_eq!(Path::parse(&text), Ok(path)),
            Err(error) => prop_assert!(error.at <= text.len() && text.is_char_boundary(error.at), "{error:?}"),
        }
    }

    #[test]
    fn the_automaton_asks_where_the_paths_lead(paths in vec((vec(segment(), 1..5), any::<bool>()), 1..5), way in vec((0u8..4, any::<prop::sample::Index>(), 0u32..4), 0..6)) {
        let mut builder = PlanBuilder::default();
        let parsed = |(segments, and_elements): (Vec<Segment>, bool)| {
            let path = Path::parse(&written(&segments)).expect("a path");
            if and_elements { path.and_elements().segments } else { path.segments }
        };
        let paths: Vec<Vec<Segment>> = paths.into_iter().map(parsed).collect();
        for segments in &paths {
            builder.ask(Path { segments: segments.clone() });
        }
        let Ok(plan) = builder.build() else { return Ok(()) };
        // Ways that follow the paths' own names, mostly.
        let names: Vec<&str> = paths.iter().flatten().filter_map(|s| if let Segment::Name(name) = s { Some(name.as_str()) } else { None }).chain(["", "zz"]).collect();
        let way: Vec<Down<'_>> = way.iter().map(|(kind, name, number)| if *kind > 0 { Ok(names[name.index(names.len())]) } else { Err(*number) }).collect();
        let wanted: Vec<u32> = (0..paths.len() as u32).filter(|p| leads(&paths[*p as usize], &way)).collect();
        prop_assert_eq!(follow(&plan, &way), wanted);
    }

    #[test]
    fn every_key_is_found_and_no_other(names in hash_set("[ab]{1,3}|[a-z_]{1,20}|(prefix__){1,3}[a-d]{0,2}|[^\\x00-\\x1f\"\\\\]{1,6}", 1..60), others in vec("[ab]{0,4}|(prefix__){1,3}[a-e]{0,3}|[a-z_]{1,20}", 20)) {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        let keys = Keys::new(names.iter().map(|name| name.as_bytes().into()).collect());
        for key in names.iter().chain(&others) {
            let atom = names.iter().position(|name| name == key).map_or(OTHER, |i| i as u16 + 1);
            let text = format!("{{\"{key}\":\"12345678");
            prop_assert_eq!(keys.find(text.as_bytes(), 2, 2 + key.len()), atom, "{:?}", key);
            prop_assert_eq!(keys.find_text(key.as_bytes()), atom, "{:?}", key);
        }
    }
}

#[test]
fn a_plan_of_nothing_leads_nowhere() {
    let plan = PlanBuilder::default().build().expect("a plan");
    assert!(follow(&plan, &[Ok("a"), Err(0)]).is_empty());
    assert!(!plan.goes_on(START) && !plan.is_asked(START));
}

#[test]
fn a_state_knows_whether_a_path_goes_on_below_it() {
    let mut builder = PlanBuilder::default();
    builder.ask(Path::parse("a.b").expect("a path"));
    let plan = builder.build().expect("a plan");
    let a = plan.member_decoded(START, b"a");
    assert!(plan.goes_on(START) && plan.goes_on(a));
    assert!(!plan.goes_on(plan.member_decoded(a, b"b")));
    assert_eq!(plan.member_decoded(START, b"b"), DEAD);
}

#[test]
fn paths_that_blow_up_are_refused_in_time() {
    let mut builder = PlanBuilder::default();
    builder.ask(Path::parse(&format!("**.a{}", ".*".repeat(40))).expect("a path"));
    assert!(builder.build().is_err());
}

#[test]
fn paths_have_at_most_64_steps() {
    assert!(Path::parse(&vec!["a"; 64].join(".")).is_ok());
    assert_eq!(Path::parse(&vec!["a"; 65].join(".")).expect_err("too long").at, 128);
}

//! Any text is a policy, or has problems with places in it. Nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logweir::{Format, Now, Path, Pipeline, Show};

fuzz_target!(|text: &str| {
    if let Err(error) = Path::parse(text) {
        assert!(text.is_char_boundary(error.at), "{error:?}");
    }
    match Pipeline::compile(text) {
        Ok(pipeline) => {
            let trips = pipeline.explain(br#"{"a":"{\"b\":[1,{\"c\":2}]}","d":[[{"e":null}],"f"]}"#, Format::Json, Now::default(), Show { values: true, output: true });
            assert_eq!(trips.len(), 1);
        }
        Err(problems) => {
            assert!(!problems.problems.is_empty() && !problems.to_string().is_empty());
            for problem in &problems.problems {
                let line = text.split('\n').nth(problem.line - 1).expect("a line of the text");
                assert!((1..=line.chars().count() + 1).contains(&problem.column), "{problem}");
            }
        }
    }
});

//! Templates: the Mustache specification's suite where it is at hand, cases of our own, and laws.
//!
//! The suite is looked for beside the repository (`../shared/suites`) or where `LOGWEIR_SUITES` says.

use std::fs;
use std::path::{Path, PathBuf};

use logweir::{Catalog, Format, Mode, Now, Severity, Template, TemplateOptions, TemplateReader};
use proptest::prelude::*;
use serde_json::{Value, json};

mod common;

use common::seed::config;

/// The suite's folder; none, with a line that says so, where it is not at hand.
fn suite() -> Option<PathBuf> {
    let suites = std::env::var_os("LOGWEIR_SUITES").map(PathBuf::from);
    let suites = suites.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"));
    let suite = suites.join("mustache");
    if suite.is_dir() {
        return Some(suite);
    }
    println!("skipped: no Mustache suite at {}; LOGWEIR_SUITES says where it is", suite.display());
    None
}

/// What a template makes of a record.
fn render(template: &Template, record: &str, now: Option<&str>) -> Result<String, &'static str> {
    let mut reader = TemplateReader::new(template, &Catalog::built_in());
    if let Some(now) = now {
        reader.now(Now::parse(now).expect("a time"));
    }
    reader.input(record.len()).copy_from_slice(record.as_bytes());
    match reader.one(record.len()) {
        None => Ok(String::from_utf8(reader.output().to_vec()).expect("UTF-8")),
        Some(reason) => Err(reason.code()),
    }
}

fn text_options(partials: &Value) -> TemplateOptions {
    let partials = partials.as_object().into_iter().flatten();
    let partials = partials.map(|(name, text)| (name.clone(), text.as_str().expect("text").to_owned())).collect();
    TemplateOptions { mode: Mode::Text, partials, ..TemplateOptions::default() }
}

/// Runs the files of a suite; gives how many tests passed, and what is wrong with the others.
fn run(suite: &Path, files: &[&str]) -> (usize, Vec<String>) {
    let (mut passed, mut failed) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(suite.join(format!("{file}.json"))).expect("a file of the suite");
        let tests: Value = serde_json::from_str(&text).expect("JSON");
        for test in tests["tests"].as_array().expect("tests") {
            let name = format!("{file}: {}", test["name"].as_str().expect("a name"));
            let template = test["template"].as_str().expect("a template");
            let rendered = match Template::compile(template, &text_options(&test["partials"])) {
                Ok(template) => render(&template, &test["data"].to_string(), None).map_err(str::to_owned),
                Err(problems) => Err(problems.to_string()),
            };
            if rendered.as_deref() == Ok(test["expected"].as_str().expect("a text")) {
                passed += 1;
            } else {
                failed.push(format!("{name}\n  {template:?}\n  expected {}\n  {rendered:?}", test["expected"]));
            }
        }
    }
    (passed, failed)
}

#[test]
fn the_specification_holds() {
    let Some(suite) = suite() else { return };
    let files = ["comments", "delimiters", "interpolation", "inverted", "partials", "sections"];
    let (passed, failed) = run(&suite, &files);
    println!("mustache: {passed}/{} core", passed + failed.len());
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    assert_eq!(passed, 136);
}

#[test]
fn inheritance_and_dynamic_names_hold() {
    let Some(suite) = suite() else { return };
    for (file, all) in [("~dynamic-names", 21), ("~inheritance", 27)] {
        let (passed, failed) = run(&suite, &[file]);
        println!("mustache: {passed}/{} {file}", passed + failed.len());
        assert!(failed.is_empty(), "\n{}", failed.join("\n"));
        assert_eq!(passed, all);
    }
}

// Cases of our own

#[test]
fn every_case_of_our_own_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/template");
    let (mut failed, mut count) = (Vec::new(), 0);
    for file in fs::read_dir(folder).expect("the cases").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let cases: Value = serde_json::from_str(&fs::read_to_string(file.path()).expect("a file")).expect("JSON");
        for case in cases["cases"].as_array().expect("cases") {
            count += 1;
            failed.extend(differences(case).map(|difference| format!("{name}: {}: {difference}", case["about"])));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    assert!(count >= 60, "only {count} cases were found");
}

fn differences(case: &Value) -> impl Iterator<Item = String> {
    let mut options = text_options(&case["partials"]);
    options.mode = if case["mode"] == "text" { Mode::Text } else { Mode::Json };
    let keys = case["keys"].as_object().into_iter().flatten();
    options.keys = keys.map(|(name, key)| (name.clone(), key.as_str().expect("text").into())).collect();
    let compiled = match case["template"].as_str() {
        Some(text) => Template::compile(text, &options),
        None if case["json"].is_string() => Template::compile_value(case["json"].as_str().expect("text"), &options),
        None => Template::compile_value(&case["template"].to_string(), &options),
    };
    let problems = match &compiled {
        Ok(template) => template.warnings(),
        Err(problems) => &problems.problems,
    };
    let mut differences = Vec::new();
    let wanted = case["problems"].as_array().map_or(&[][..], Vec::as_slice);
    let told: Vec<Value> = problems
        .iter()
        .map(|p| {
            let severity = if p.severity == Severity::Error { "error" } else { "warning" };
            json!({ "code": p.code, "severity": severity, "pointer": p.pointer, "line": p.line, "column": p.column, "expected": p.expected, "help": p.help })
        })
        .collect();
    let fits = |(told, wanted): (&Value, &Value)| {
        wanted.as_object().into_iter().flatten().all(|(name, value)| told[name] == *value)
    };
    if told.len() != wanted.len() || !told.iter().zip(wanted).all(fits) {
        differences.push(format!("expected {}\n  told {}", json!(wanted), json!(told)));
    }
    if let Ok(template) = compiled {
        for record in case["records"].as_array().into_iter().flatten() {
            let text = record["record"].as_str().map_or_else(|| record["record"].to_string(), str::to_owned);
            let output = render(&template, &text, case["now"].as_str());
            let wanted = record["output"].as_str().ok_or(record["code"].as_str().unwrap_or_default());
            if output.as_deref().map_err(|code| *code) != wanted {
                differences.push(format!("{text}\n  expected {wanted:?}\n  rendered {output:?}"));
            }
        }
    }
    differences.into_iter()
}

#[test]
fn records_of_an_input_are_lines() {
    let template =
        Template::compile("{\"a\": {{a}},\n \"o\": {{o}}}\n", &TemplateOptions::default()).expect("a template");
    let input = "{\"a\":1}\n{\"a\":\n{\"b\":[\n2]},\"o\":\"\\n\"}\nnothing\n{\"a\":null}";
    let all = "{\"a\": 1,\"o\": null}\n{\"a\": {\"b\":[2]},\"o\": \"\\n\"}\n";
    let mut reader = TemplateReader::new(&template, &Catalog::built_in());
    for size in [1, 7, 1000] {
        let (mut output, mut refused) = (Vec::new(), Vec::new());
        reader.begin(Format::Concat);
        for chunk in input.as_bytes().chunks(size) {
            reader.input(chunk.len()).copy_from_slice(chunk);
            reader.take(chunk.len());
            output.extend_from_slice(reader.output());
            refused.extend(reader.refused().iter().map(|refused| (refused.record, refused.reason.code())));
        }
        reader.end();
        output.extend_from_slice(reader.output());
        refused.extend(reader.refused().iter().map(|refused| (refused.record, refused.reason.code())));
        // What follows a fault in a concatenation is one broken record.
        assert_eq!(String::from_utf8_lossy(&output), all, "{size}");
        assert_eq!(refused, [(2, "S102")], "{size}");
    }
}

// Laws

/// Pieces of what values should not be able to do anything with.
const HOSTILE: [&str; 24] = [
    "\"",
    "\\",
    "\\\"",
    "}}",
    "{{a}}",
    "{{{a}}}",
    "{{/l}}",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1f}",
    "\u{7f}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "😀",
    "\",\"x\":\"",
    "]}",
    ",",
    "</script>",
    "\\u0022",
    "&quot;",
    "null",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn record() -> impl Strategy<Value = Value> {
    let number = prop::sample::select(vec!["0", "-1.50e+3", "1694081235979123457", "1E400"]);
    let number = number.prop_map(|text| serde_json::from_str::<Value>(text).expect("a number"));
    let leaf = prop_oneof![4 => hostile().prop_map(Value::from), 1 => number, 1 => Just(json!(null)), 1 => any::<bool>().prop_map(Value::from)];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        let members = prop::collection::vec((hostile(), inner.clone()), 0..3);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    let inside = value.clone().prop_map(|value| Value::from(json!({ "b": value }).to_string()));
    (hostile(), value.clone(), prop::collection::vec(value, 0..4), inside)
        .prop_map(|(text, value, list, inside)| json!({ "a": text, "b": value, "l": list, "s": inside, "l2": [{ "a": 1 }, { "b": [] }] }))
}

/// What a placeholder may say.
fn tag() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "a",
        "b",
        "s.b",
        "l",
        "l[1]",
        "missing",
        ".",
        "log_message",
        "log_message_str",
        "now",
        "now_utc",
        "@time",
        "@index",
        "@last",
        "a | upper",
        "b | json",
        "a | default:\"\\\"\"",
        "missing | default:7",
        "b | map:null=1,*=x",
        "a | iso",
        "s | hash:k",
        "now | epoch_ms",
    ]);
    (name, 0..4u8).prop_map(|(name, way)| match way {
        0 => format!("{{{{{{{name}}}}}}}"),
        1 => format!("{{{{& {name} }}}}"),
        _ => format!("{{{{{name}}}}}"),
    })
}

fn section(body: String, inverted: bool, name: &str) -> String {
    format!("{{{{{}{name}}}}}{body}{{{{/{name}}}}}", if inverted { '^' } else { '#' })
}

/// A JSON template that is in order.
fn sound() -> impl Strategy<Value = String> {
    let names = || prop::sample::select(vec!["a", "b", "l", "l2", "s", "missing", "@first", "."]);
    let inside = (tag(), any::<bool>(), any::<bool>(), names()).prop_map(|(tag, alone, inverted, name)| {
        if alone { tag } else { section(format!("x{tag}\\n"), inverted, name) }
    });
    let text = prop::collection::vec(prop_oneof![Just("\\\"é".to_owned()), inside], 0..3)
        .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let leaf = prop_oneof![3 => tag(), 2 => text.clone(), 1 => Just("-0.5e1".to_owned()), 1 => Just("null".to_owned())];
    leaf.prop_recursive(3, 20, 4, move |inner| {
        let way = (0..5u8, any::<bool>(), names());
        let list = |object: bool| {
            let item = if object {
                (text.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}: {value}")).boxed()
            } else {
                inner.clone().boxed()
            };
            prop::collection::vec((item, way.clone()), 0..4).prop_map(move |items| {
                let mut out = String::new();
                for (number, (item, (way, inverted, name))) in items.iter().enumerate() {
                    let comma = if number > 0 { ", " } else { "" };
                    // Commas inside of sections or outside, before or behind, or none at all.
                    let before_section = if out.ends_with("}}") && number > 0 { "" } else { comma };
                    out += &match way {
                        0 => format!("{before_section}{}", section(item.clone(), *inverted, name)),
                        1 => section(format!("{comma}{item}"), *inverted, name),
                        2 => format!("{before_section}{}", section(format!("{item},\n"), *inverted, name)),
                        _ => format!("{comma}{item}"),
                    };
                }
                if object { format!("{{ {out} }}") } else { format!("[{out}]") }
            })
        };
        prop_oneof![list(false), list(true)]
    })
}

fn options() -> TemplateOptions {
    let keys = vec![("k".to_owned(), vec![7; 32])];
    let partials = vec![("p".to_owned(), "{{b}}\n".to_owned()), ("q".to_owned(), "\"{{a}}\": 1".to_owned())];
    TemplateOptions { keys, partials, ..TemplateOptions::default() }
}

/// Law 6: what an accepted template gives is JSON.
#[track_caller]
fn gives_json(template: &Template, text: &str, record: &Value) {
    let output = render(template, &record.to_string(), Some("2023-09-07 02:07:15.979 -0800 AKDT")).expect("an output");
    assert!(serde_json::from_str::<Value>(&output).is_ok(), "{text}\n{record}\n{output}");
    assert!(output.trim() == output);
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn sound_templates_are_accepted_and_give_json(text in sound(), record in record()) {
        let template = Template::compile(&text, &options());
        prop_assert!(template.is_ok(), "{}\n{}", text, template.unwrap_err());
        gives_json(&template.unwrap(), &text, &record);
    }

    /// What is thrown together at random is mostly refused; what is not gives JSON.
    #[test]
    fn whatever_is_accepted_gives_json(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", "\"", ",", ":", "\"k\":", "{{a}}", "{{{b}}}", "{{#l}}", "{{/l}}", "{{^b}}", "{{/b}}", "1", "-", "\\",
            "\\ud800", "\\udc00", "\\u00", "\n", "true", "{{>p}}", "{{> q}}", "{{! c }}", "{{=<% %>=}}", "<%={{ }}=%>", "{{$x}}", "{{/x}}", "{{<p}}", "{{/p}}",
        ]), 0..9),
        whole in any::<bool>(),
        record in record(),
    ) {
        let parts = parts.concat();
        let text = if whole { parts } else { format!("{{\"v\":[1,{parts}],\"s\":\"{parts}\"}}") };
        if let Ok(template) = Template::compile(&text, &options()) {
            gives_json(&template, &text, &record);
        }
        if let Ok(template) = Template::compile_value(&text, &options()) {
            gives_json(&template, &text, &record);
        }
        let _ = Template::compile(&text, &TemplateOptions { mode: Mode::Text, ..options() });
    }

    /// Whatever a value holds, it comes out as it went in.
    #[test]
    fn values_survive(record in record()) {
        let text = r#"{"v":{{{b}}},"s":"{{a}}","k{{a}}":1,"l":[{{#l}}{{.}},{{/l}}],"log":{{log_message}},"str":{{{log_message_str}}},"in":{{s.b}},"text":"{{l}}"}"#;
        let template = Template::compile(text, &options()).expect("a template");
        let output = render(&template, &record.to_string(), None).expect("an output");
        let output: Value = serde_json::from_str(&output).expect("JSON");
        let string = |value: &Value| serde_json::from_str::<Value>(value.as_str().expect("text")).expect("JSON");
        prop_assert_eq!(&output["v"], &record["b"]);
        prop_assert_eq!(&output["s"], &record["a"]);
        prop_assert_eq!(&output[format!("k{}", record["a"].as_str().expect("text"))], &json!(1));
        prop_assert_eq!(&output["l"], &record["l"]);
        prop_assert_eq!(&output["log"], &record);
        prop_assert_eq!(&string(&output["str"]), &record);
        prop_assert_eq!(&output["in"], &string(&record["s"])["b"]);
        prop_assert_eq!(&string(&output["text"]), &record["l"]);
    }
}

#[test]
fn what_goes_on_for_ever_ends() {
    let partials = json!({ "p": "{{>p}}", "q": "x{{#l}}{{>q}}{{/l}}", "b": "{{$a}}{{/a}}" });
    let lists = "{{#l}}".repeat(30) + "x" + &"{{/l}}".repeat(30);
    for text in ["{{>p}}", "{{>q}}", "{{<b}}{{$a}}{{$a}}{{/a}}{{/a}}{{/b}}", &lists] {
        let template = Template::compile(text, &text_options(&partials)).expect("a template");
        let rendered = render(&template, r#"{"l":[1,2,3,4,5,6,7,8]}"#, None);
        assert!(rendered == Err("R201") || rendered.as_deref() == Ok(""), "{text}");
    }
    let many = "{{>p}}".repeat(1000);
    let partials = (0..40).map(|n| (format!("p{n}"), format!("{{{{>p{}}}}}{{{{>p{}}}}}", n + 1, n + 1)));
    let partials =
        partials.chain([("p40".to_owned(), "x".to_owned()), ("p".to_owned(), "\"{{>p0}}\"".to_owned())]).collect();
    let options = TemplateOptions { partials, ..TemplateOptions::default() };
    let problems = Template::compile(&format!("[{many}]"), &options).expect_err("too much");
    assert_eq!(problems.problems[0].code, "T307");
}

#[test]
fn a_template_says_nothing_of_keys() {
    assert!(!format!("{:?}", options()).contains("7, 7"));
    let template = Template::compile("{{a | hash:k}}", &options()).expect("a template");
    assert!(!format!("{template:?}").contains("7, 7"));
}

#[test]
fn a_policy_warns_of_names_that_are_nearly_known() {
    let warned = |accept: &str, template: &str| {
        let policy = format!("{{\"logweir\":1,{accept}\n\"routes\":[{{\"name\":\"out\",\"template\":{template}}}]}}");
        let pipeline = logweir::Pipeline::compile(&policy).unwrap_or_else(|problems| panic!("{problems}"));
        let line = policy.lines().nth(1).expect("a line").to_owned();
        let ours = pipeline.warnings().iter().filter(|problem| problem.code == "T382");
        let told = ours.map(move |problem| {
            assert_eq!((problem.severity, problem.line), (Severity::Warning, 2));
            let near = problem.help.as_deref().expect("help").trim_start_matches("did you mean ").trim_end_matches('?');
            (line[problem.column - 1..].split("}}").next().expect("a tag").to_owned(), near.to_owned())
        });
        told.map(|(tag, near)| [tag, near].join(" ")).collect::<Vec<_>>()
    };
    let jobs = r#""accept":{"events":["workato.job"]},"#;
    assert_eq!(
        warned("", r#""{\"a\":{{executionID}},\"b\":{{executionId}},\"c\":{{of_ours}}}""#),
        ["{{executionID executionId"]
    );
    assert_eq!(
        warned(jobs, r#"{"a":"{{flow_idd}}","b":"x {{^lines}}{{statuss}}{{/lines}}"}"#),
        ["{{flow_idd flow_id", "{{statuss status"]
    );
    // In a section a name may be that of an element, or one around it.
    let lines = r#""[{{#lines}}{{recipe_line_numer}},{{recipe_line_number}},{{started_at}}{{/lines}},{{@time}},{{log_message}}]""#;
    assert_eq!(warned(jobs, lines), ["{{recipe_line_numer lines.recipe_line_number"]);
    // What other events have is unknown where only jobs are accepted, but nothing of a job is near.
    assert_eq!(warned(jobs, r#""[{{stepState}}]""#), [] as [&str; 0]);
    assert_eq!(warned(r#""accept":{"events":["tray.*"]},"#, r#""[{{stepStat}}]""#), ["{{stepStat stepState"]);
    let nested = ["{{#a}}".repeat(60), "{{b}}".to_owned(), "{{/a}}".repeat(60)].concat();
    assert_eq!(warned("", &format!("\"[\\\"{nested}\\\"]\"")), [] as [&str; 0]);
}

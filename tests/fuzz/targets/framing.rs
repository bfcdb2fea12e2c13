//! An input cut anywhere is the input in one piece.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use logweir::{Format, Pipeline, Quarantined, Report, Run};

static PIPELINES: LazyLock<Vec<Pipeline>> = LazyLock::new(|| {
    let texts = [
        r#"{"logweir":1,"routes":[{"name":"lines"},{"name":"list","to":"json"}]}"#,
        r#"{"logweir":1,"limits":{"recordBytes":24,"depth":4},"quarantine":{"originals":true}}"#,
        r#"{"logweir":1,"redact":[{"path":"**.a","with":"remove"},{"path":"b[1]"},{"path":"*.c.d"}],"limits":{"outputBytes":60,"embeddedDepth":2}}"#,
    ];
    texts.map(|text| Pipeline::compile(text).expect("a policy")).into()
});

const FORMATS: [Format; 5] = [Format::Auto, Format::Ndjson, Format::Array, Format::Json, Format::Concat];

// One byte says the format and the policy, one how many cuts follow, each a byte; the rest is the input.
fuzz_target!(|data: &[u8]| {
    let [choice, cuts, rest @ ..] = data else { return };
    let (cuts, input) = rest.split_at(rest.len().min(usize::from(cuts % 8)));
    let format = FORMATS[usize::from(choice % 5)];
    let pipeline = &PIPELINES[usize::from(choice / 5) % PIPELINES.len()];
    let routes = pipeline.routes().len();
    let mut run = pipeline.run();

    run.input(input.len()).copy_from_slice(input);
    run.process(input.len(), format);
    let mut whole = Outcome::new(routes);
    whole.take(&run);
    let whole = whole.end(&run);
    assert_eq!(whole.report.records, whole.report.kept + whole.report.filtered + whole.report.quarantined);
    assert_eq!(whole.report.quarantined, whole.quarantined.len() as u64);

    let mut places: Vec<usize> = cuts.iter().map(|cut| usize::from(*cut) * (input.len() + 1) / 256).collect();
    places.sort_unstable();
    places.push(input.len());
    run.restart();
    run.begin(format);
    let mut cut = Outcome::new(routes);
    let mut from = 0;
    for to in places {
        run.push(&input[from..to]);
        cut.take(&run);
        from = to;
    }
    run.end();
    cut.take(&run);
    run.finish();
    cut.take(&run);
    assert_eq!(cut.end(&run), whole);
});

#[derive(Debug, PartialEq)]
struct Outcome {
    routes: Vec<Vec<u8>>,
    quarantined: Vec<Quarantined>,
    report: Report,
}

impl Outcome {
    fn new(routes: usize) -> Outcome {
        Outcome { routes: vec![Vec::new(); routes], quarantined: Vec::new(), report: Report::default() }
    }

    fn take(&mut self, run: &Run) {
        for (number, route) in self.routes.iter_mut().enumerate() {
            route.extend_from_slice(run.output(number).bytes);
        }
        self.quarantined.extend_from_slice(run.quarantined());
    }

    fn end(self, run: &Run) -> Outcome {
        Outcome { report: run.report(), ..self }
    }
}

//! MB/s on texts of several kinds, printed: `cargo test --release --lib sensitive::tests::speed -- --ignored --nocapture`.

use std::time::Instant;

use super::cases::cases;
use super::*;

const TEXTS: [(&str, &str); 7] = [
    ("prose", "Connection to the destination was refused while the job waited for a reply; retrying in a moment. "),
    ("words", "Salesforce search records "),
    ("identifier", "workflow_run_completed"),
    ("url", "https://api.example.org/v2/workspaces/acme/projects/checkout?include=members&sort=name"),
    ("uuid", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    ("timestamp", "2026-05-01T04:51:01.123456Z"),
    (
        "user agent",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    ),
];

#[test]
#[ignore = "a measurement"]
fn megabytes_a_second() {
    let detectors = all(false);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let mut rate = |name: &str, text: &str| {
        // Short samples, the best of many: others use the machine, too.
        let times = ((64 << 10) / text.len()).max(1);
        let once = || {
            let start = Instant::now();
            for _ in 0..times {
                detectors.find(std::hint::black_box(text.as_bytes()), Context::default(), &mut scratch, &mut out);
            }
            start.elapsed().as_secs_f64()
        };
        let mut once = once;
        let best = (0..300).map(|_| once()).fold(f64::MAX, f64::min);
        let (bytes, found) = ((times * text.len()) as f64, out.len());
        println!(
            "{name:>24}: {:7.0} MB/s, {:6.0} ns a text, {found} found",
            bytes / best / 1e6,
            best / times as f64 * 1e9
        );
    };
    for (name, text) in TEXTS {
        rate(name, text);
    }
    rate("prose, 64 KB", &TEXTS[0].1.repeat(656));
    rate("all of these, 64 KB", &TEXTS.map(|(_, text)| format!("{text} ")).concat().repeat(150));
    rate("prose with accents, 64 KB", &"Der Auftrag wurde übermittelt, die Prüfung läuft noch. ".repeat(1150));
    let hits: Vec<String> = cases().into_iter().flat_map(|cases| cases.finds).map(|case| case.text).collect();
    for cases in cases() {
        let hits: Vec<String> = cases.finds.into_iter().map(|case| case.text).collect();
        rate(Kind::ALL[cases.kind as usize].1, &hits.join(" "));
    }
    rate("hits, 64 KB", &hits.join(" ").repeat(8));
    rate("a mail address", "mira.halvorsen@example.org");
}

//! A log in memory is the same however it was cut, and whenever it was put into the index; and a search finds the same.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use logweir::{Catalog, Format, LogStore, RowSet, SortKey};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

const FORMATS: [Format; 5] = [Format::Auto, Format::Ndjson, Format::Array, Format::Json, Format::Concat];
const QUERIES: [&str; 6] =
    ["@status:failed", "_exists_:@run.id", "error", "NOT @level:(info OR debug)", "**.id:1*", "@time:>2026-01-01"];

// One byte says the format and the query, one how many cuts follow, each a byte; the rest is the log.
fuzz_target!(|data: &[u8]| {
    let [choice, cuts, rest @ ..] = data else { return };
    let (cuts, input) = rest.split_at(rest.len().min(usize::from(cuts % 8)));
    let format = FORMATS[usize::from(choice % 5)];
    let query = QUERIES[usize::from(choice / 5) % QUERIES.len()];

    let mut whole = LogStore::new(&CATALOG, format, true, usize::MAX);
    whole.begin();
    whole.push(input).expect("memory");
    whole.end().expect("memory");

    let mut places: Vec<usize> = cuts.iter().map(|cut| usize::from(*cut) * (input.len() + 1) / 256).collect();
    places.extend([0, input.len()]);
    places.sort_unstable();
    let mut cut = LogStore::new(&CATALOG, format, true, usize::MAX);
    cut.index_later();
    cut.begin();
    for cuts in places.windows(2) {
        cut.push(&input[cuts[0]..cuts[1]]).expect("memory");
        cut.index(1).expect("memory");
    }
    cut.end().expect("memory");
    let early = found(&cut, query);
    while !cut.index(3).expect("memory") {}

    let (one, other) = (whole.counts(), cut.counts());
    assert_eq!((one.rows, one.broken, one.unknown, one.indexed), (other.rows, other.broken, other.unknown, other.indexed));
    assert_eq!(one.rows, one.indexed);
    let rows: Vec<u32> = (0..one.rows).collect();
    assert_eq!(whole.write(&rows, u32::MAX), cut.write(&rows, u32::MAX));
    for row in &rows {
        assert_eq!(whole.record(*row), cut.record(*row));
    }
    let expected = found(&whole, query);
    assert_eq!(early, expected);
    assert_eq!(found(&cut, query), expected);
    let sorted = whole.sorted(&whole.all(), SortKey::Size, false);
    assert!(sorted.is_sorted_by_key(|row| whole.length(*row)));
});

fn found(store: &LogStore, query: &str) -> Vec<u32> {
    let mut search = store.search(query, None, None).expect("a query");
    while !search.step(store, 2).done {}
    let found: &RowSet = search.found();
    found.page(0, found.count() as usize)
}

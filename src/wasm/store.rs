//! The log store across the border.

use logweir::{OutOfMemory, SortKey};
use wasm_bindgen::prelude::*;

use crate::catalog::Catalog;
use crate::guard::{Guarded, guard};
use crate::{format_of, objects};

/// In place of an address: there is no memory.
const NO_MEMORY: usize = 1;

/// A log in memory.
#[wasm_bindgen]
pub struct LogStore {
    store: Guarded<logweir::LogStore>,
    numbers: Vec<f64>,
}

#[wasm_bindgen]
impl LogStore {
    /// An empty store. `keeps`: the records' bytes; `later`: records go into the index by `index` alone; `most`: the
    /// bytes of memory that it may take.
    #[wasm_bindgen(constructor)]
    pub fn new(catalog: &Catalog, format: u32, keeps: bool, later: bool, most: f64) -> Result<LogStore, JsValue> {
        let store = guard(|| {
            let mut store = logweir::LogStore::new(&catalog.catalog, format_of(format), keeps, most as usize);
            if later {
                store.index_later();
            }
            store
        })?;
        Ok(LogStore { store: Guarded::new(store), numbers: Vec::new() })
    }

    /// Begins a source.
    pub fn begin(&mut self) -> Result<(), JsValue> {
        self.store.work(logweir::LogStore::begin)
    }

    /// Makes room for `len` more bytes and gives its address; 0 after a fault, 1 where there is no memory.
    pub fn input(&mut self, len: usize) -> usize {
        let room = self.store.work(|store| match store.input(len) {
            Ok(room) => room.as_mut_ptr() as usize,
            Err(OutOfMemory) => NO_MEMORY,
        });
        room.unwrap_or_default()
    }

    /// Takes the `len` bytes written to the room; false where there is no memory.
    pub fn push(&mut self, len: usize) -> Result<bool, JsValue> {
        self.store.work(|store| store.take(len).is_ok())
    }

    /// Ends the source; false where there is no memory.
    pub fn end(&mut self) -> Result<bool, JsValue> {
        self.store.work(|store| store.end().is_ok())
    }

    /// Puts so many more rows into the index at most; false where there is no memory.
    pub fn index(&mut self, most: u32) -> Result<bool, JsValue> {
        self.store.work(|store| store.index(most).is_ok())
    }

    /// The address of how much it holds: rows, broken, unknown, bytes, kept, index, indexed.
    pub fn counts(&mut self) -> Result<usize, JsValue> {
        let numbers = &mut self.numbers;
        self.store.look(|store| {
            let counts = store.counts();
            numbers.clear();
            numbers.extend([counts.rows, counts.broken, counts.unknown].map(f64::from));
            numbers.extend([counts.bytes as f64, counts.kept as f64, counts.index as f64, f64::from(counts.indexed)]);
            numbers.as_ptr() as usize
        })
    }

    /// The first row of each source.
    pub fn sources(&self) -> Result<Vec<u32>, JsValue> {
        self.store.look(|store| store.sources().collect())
    }

    /// The address of where a record stands: address and length, 0 and 0 where it is not kept.
    pub fn record(&mut self, row: u32) -> Result<usize, JsValue> {
        let numbers = &mut self.numbers;
        self.store.look(|store| {
            let place = store.record(row).map_or([0, 0], |record| [record.as_ptr() as usize, record.len()]);
            numbers.clear();
            numbers.extend(place.map(|number| number as f64));
            numbers.as_ptr() as usize
        })
    }

    /// Some rows as JSON; `fields`: a bit for each common field.
    pub fn write(&mut self, rows: &[u32], fields: u32) -> Result<String, JsValue> {
        self.store.work(|store| store.write(rows, fields))
    }

    /// All rows.
    pub fn all(&self) -> Result<RowSet, JsValue> {
        self.set(|store| store.all())
    }

    /// The rows of which nothing can be said.
    pub fn broken(&self) -> Result<RowSet, JsValue> {
        self.set(|store| store.broken())
    }

    /// These rows.
    pub fn these(&self, rows: &[u32]) -> Result<RowSet, JsValue> {
        self.set(|store| {
            let mut set = logweir::RowSet::none(store.counts().rows);
            rows.iter().for_each(|row| set.add(*row));
            set
        })
    }

    /// The rows of which a field is a text; without one, those without a value.
    pub fn rows_where(&self, field: u8, text: Option<String>) -> Result<RowSet, JsValue> {
        self.set(|store| store.rows_where(field, text.as_deref()))
    }

    /// The rows of a time, in milliseconds.
    pub fn during(&self, from: f64, to: f64) -> Result<RowSet, JsValue> {
        self.set(|store| store.during(nanos(from), nanos(to)))
    }

    /// The rows that share a row's value of a field.
    pub fn same(&self, row: u32, field: u8) -> Result<RowSet, JsValue> {
        self.set(|store| store.same(row, field))
    }

    /// The rows that belong together with a row.
    pub fn trace(&self, row: u32) -> Result<RowSet, JsValue> {
        self.set(|store| store.trace(row))
    }

    /// Begins a search. Throws `{problems}`.
    pub fn search(&self, text: &str, now: f64, within: &RowSet) -> Result<Search, JsValue> {
        let search = self.store.look(|store| store.search(text, Some(now as i64), Some(within.set.clone())))?;
        let search = search.map_err(|problems| objects::to_js(&problems))?;
        Ok(Search { search: Guarded::new(search), numbers: Vec::new() })
    }

    /// The rows of a set in the order of a common field by its number; 254: by size, 255: as they came.
    pub fn sorted(&self, set: &RowSet, key: u8, descending: bool) -> Result<RowList, JsValue> {
        let key = match key {
            254 => SortKey::Size,
            255 => SortKey::Row,
            field => SortKey::Field(field),
        };
        self.store.look(|store| RowList { rows: store.sorted(&set.set, key, descending) })
    }

    /// The rows of a set by the values of a field.
    pub fn facet(&self, set: &RowSet, field: u8, top: usize) -> Result<JsValue, JsValue> {
        self.store.look(|store| objects::to_js(&store.facet(&set.set, field, top)))
    }

    /// The rows of a set over time, by a field (255: by none). The ends in milliseconds.
    pub fn histogram(
        &self,
        set: &RowSet,
        from: Option<f64>,
        to: Option<f64>,
        buckets: usize,
        by: u8,
        top: usize,
    ) -> Result<JsValue, JsValue> {
        let (ends, by) = ((from.map(nanos), to.map(nanos)), (by < 255).then_some((by, top)));
        self.store.look(|store| objects::to_js(&store.histogram(&set.set, ends, buckets, by)))
    }

    /// The rows of a set in groups.
    pub fn group(&self, set: &RowSet, by: &[u8], percentiles: &[f64], top: usize) -> Result<JsValue, JsValue> {
        self.store.look(|store| objects::to_js(&store.group(&set.set, by, percentiles, top)))
    }

    /// The runs that have rows in a set.
    pub fn runs(&self, set: &RowSet, from: usize, count: usize) -> Result<JsValue, JsValue> {
        self.store.look(|store| objects::to_js(&store.runs(&set.set, from, count)))
    }

    fn set(&self, make: impl FnOnce(&logweir::LogStore) -> logweir::RowSet) -> Result<RowSet, JsValue> {
        self.store.look(|store| RowSet { set: make(store) })
    }
}

/// Milliseconds as nanoseconds; what is finer than JavaScript's numbers can say is rounded.
fn nanos(millis: f64) -> i64 {
    let whole = millis.floor();
    (whole as i64).saturating_mul(1_000_000).saturating_add(((millis - whole) * 1e6).round() as i64)
}

/// A set of rows.
#[wasm_bindgen]
pub struct RowSet {
    set: logweir::RowSet,
}

#[wasm_bindgen]
impl RowSet {
    /// How many rows are in it.
    pub fn count(&self) -> u32 {
        self.set.count()
    }

    /// Whether a row is.
    pub fn has(&self, row: u32) -> bool {
        self.set.has(row)
    }

    /// With another: 0 both, 1 either, 2 this and not the other.
    pub fn with(&self, other: &RowSet, how: u32) -> RowSet {
        let (set, other) = (&self.set, &other.set);
        let set = match how {
            0 => set.and(other),
            1 => set.or(other),
            _ => set.minus(other),
        };
        RowSet { set }
    }

    /// Some of its rows, ascending.
    pub fn page(&self, from: usize, count: usize) -> Vec<u32> {
        self.set.page(from, count)
    }

    /// How many of its rows come before this one.
    pub fn rank(&self, row: u32) -> usize {
        self.set.rank(row)
    }
}

/// Rows in an order.
#[wasm_bindgen]
pub struct RowList {
    rows: Vec<u32>,
}

#[wasm_bindgen]
impl RowList {
    /// Some of the rows.
    pub fn page(&self, from: usize, count: usize) -> Vec<u32> {
        self.rows.iter().skip(from).take(count).copied().collect()
    }

    /// The place of a row; -1 where it is not among them.
    pub fn place(&self, row: u32) -> i32 {
        self.rows.iter().position(|known| *known == row).map_or(-1, |place| place as i32)
    }
}

/// A search.
#[wasm_bindgen]
pub struct Search {
    search: Guarded<logweir::Search>,
    numbers: Vec<f64>,
}

#[wasm_bindgen]
impl Search {
    /// Whether the index alone is asked.
    pub fn indexed(&self) -> Result<bool, JsValue> {
        self.search.look(logweir::Search::is_indexed)
    }

    /// Goes on over so many rows at most.
    pub fn step(&mut self, store: &LogStore, most: u32) -> Result<(), JsValue> {
        let search = &mut self.search;
        store.store.look(|store| search.work(|search| _ = search.step(store, most)))?
    }

    /// The address of where it stands: scanned, total, found, done; source (-1: nothing is wanted), start, end.
    pub fn progress(&mut self) -> Result<usize, JsValue> {
        let numbers = &mut self.numbers;
        self.search.look(|search| {
            let progress = search.progress();
            numbers.clear();
            numbers.extend([progress.scanned, progress.total, progress.found].map(f64::from));
            numbers.push(f64::from(u8::from(progress.done)));
            let wants = progress.wants.map(|slice| [slice.source as f64, slice.start as f64, slice.end as f64]);
            numbers.extend(wants.unwrap_or([-1.0, 0.0, 0.0]));
            numbers.as_ptr() as usize
        })
    }

    /// Makes room for the bytes that are wanted and gives its address; 0 where nothing is, 1 where there is no memory.
    pub fn input(&mut self) -> usize {
        let room = self.search.work(|search| {
            let wanted = search.progress().wants.is_some();
            search.give().map_or(if wanted { NO_MEMORY } else { 0 }, |room| room.as_mut_ptr() as usize)
        });
        room.unwrap_or_default()
    }

    /// The bytes stand in the room.
    pub fn given(&mut self) -> Result<(), JsValue> {
        self.search.work(logweir::Search::given)
    }

    /// What was found so far.
    pub fn found(&self) -> Result<RowSet, JsValue> {
        self.search.look(|search| RowSet { set: search.found().clone() })
    }
}

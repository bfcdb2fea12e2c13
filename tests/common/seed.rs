//! Seeds of the properties. Each test prints its own when it fails; LOGWEIR_SEED replays it, LOGWEIR_RUNS sets how many
//! cases a property tries.

use proptest::test_runner::{Config, RngSeed};

/// A property's configuration: `cases` of them, unless the environment says otherwise.
pub(crate) fn config(cases: u32) -> Config {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("LOGWEIR_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 16 | now() & 0xFFFF);
    println!("replay with LOGWEIR_SEED={seed}");
    Config {
        cases: number("LOGWEIR_RUNS").map_or(cases, |runs| runs as u32),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    }
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    since.as_nanos() as u64
}

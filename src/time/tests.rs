//! Every form of time that the platforms use, to the nanosecond.

use super::{EpochNanos, SECOND, Unit, parse, write, write_seconds};
use crate::common::seed::config;
use proptest::prelude::*;

#[test]
fn texts_are_read_in_every_form() {
    for (text, expected) in [
        ("2026-05-01T04:51:01Z", "2026-05-01T04:51:01Z"),
        ("2026-05-01T04:51:01.5+09:00", "2026-04-30T19:51:01.5Z"),
        ("2023-09-07T08:30:35.979123457-07:00", "2023-09-07T15:30:35.979123457Z"),
        ("2023-09-07T08:30:35.9791234579999-07:00", "2023-09-07T15:30:35.979123457Z"),
        ("2024-02-29 23:59:59 UTC", "2024-02-29T23:59:59Z"),
        ("2024-02-29 23:59:59.25 GMT", "2024-02-29T23:59:59.25Z"),
        ("2022-10-19 00:00:21 -0800", "2022-10-19T08:00:21Z"),
        ("2022-10-19 00:00:21 +05:30", "2022-10-18T18:30:21Z"),
        ("2023-09-07 02:20:35.979 -0800 AKDT", "2023-09-07T10:20:35.979Z"),
        ("2023-09-07 02:20:35.979-0800", "2023-09-07T10:20:35.979Z"),
        ("Wed, 19 Oct 2022 07:00:21 GMT", "2022-10-19T07:00:21Z"),
        ("wed, 9 oct 2022 07:00:21 +0200", "2022-10-09T05:00:21Z"),
        (" 2026-05-01T04:51:01Z ", "2026-05-01T04:51:01Z"),
        ("0000-03-01T00:00:00Z", "0000-03-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ] {
        assert_eq!(parse(text.as_bytes()).map(write).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_point_in_time_is_none() {
    for text in [
        "",
        "2026-05-01",
        "2026-05-01T04:51:01",
        "2026-05-01 04:51:01 AKDT",
        "2026-13-01T04:51:01Z",
        "2026-02-29T04:51:01Z",
        "2026-05-01T24:51:01Z",
        "2026-05-01T04:51:01.Z",
        "2026-05-01T04:51:01.1.2Z",
        "2026-05-01T04:51:01+0800x",
        "2026-05-01T04:51:01+08",
        "2026-05-01T04:51Z",
        "Wed, 19 Okt 2022 07:00:21 GMT",
        "Xed, 19 Oct 2022 07:00:21 GMT",
        "Wed, 19 Oct 22 07:00:21 GMT",
        "Wed,",
        "1694081235",
        "成功",
    ] {
        assert_eq!(parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn counts_are_exact() {
    for (number, unit, expected) in [
        ("1694081235", Unit::Seconds, Some(1_694_081_235_000_000_000)),
        ("1694081235.979123457", Unit::Seconds, Some(1_694_081_235_979_123_457)),
        ("1694081235979.123457", Unit::Millis, Some(1_694_081_235_979_123_457)),
        ("1694081235979123", Unit::Micros, Some(1_694_081_235_979_123_000)),
        ("1694081235979123457", Unit::Nanos, Some(1_694_081_235_979_123_457)),
        ("1694081235979123457.9", Unit::Nanos, Some(1_694_081_235_979_123_457)),
        ("1.694081235e9", Unit::Seconds, Some(1_694_081_235_000_000_000)),
        ("3.5e-06", Unit::Seconds, Some(3500)),
        ("-1.5", Unit::Millis, Some(-1_500_000)),
        ("0", Unit::Seconds, Some(0)),
        ("0e999999999", Unit::Seconds, Some(0)),
        ("1e999999999", Unit::Seconds, None),
        ("1e-999999999", Unit::Seconds, Some(0)),
        ("1e99999999999", Unit::Seconds, None),
        ("99999999999999999999999999999999", Unit::Nanos, None),
        ("", Unit::Seconds, None),
        ("-", Unit::Seconds, None),
        ("12x", Unit::Seconds, None),
        (".5", Unit::Seconds, None),
    ] {
        assert_eq!(unit.nanos(number.as_bytes()), expected, "{number}");
    }
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn what_is_written_is_read(seconds in -62_167_219_200i64..253_402_300_800, nanos in 0..1_000_000_000i128) {
        let instant = EpochNanos(i128::from(seconds) * super::SECOND + nanos);
        prop_assert_eq!(parse(write(instant).as_bytes()), Some(instant));
    }

    #[test]
    fn no_text_is_too_odd(text in "[0-9TZ:. +a-zA-Z,-]{0,40}", any in any::<String>()) {
        for text in [text, any] {
            let _ = parse(text.as_bytes());
            let _ = Unit::Millis.nanos(text.as_bytes());
        }
    }
}

#[test]
fn lengths_of_time_are_decimal_seconds() {
    for (nanos, text) in [
        (0, "0"),
        (1, "0.000000001"),
        (-1, "-0.000000001"),
        (1_500_000_000, "1.5"),
        (-1_500_000_000, "-1.5"),
        (SECOND, "1"),
        (30 * SECOND + 500_000_000, "30.5"),
        (10i128.pow(30), "1000000000000000000000"),
        (-(10i128.pow(30)) + 1, "-999999999999999999999.999999999"),
        (10i128.pow(24), "1000000000000000"),
    ] {
        assert_eq!(write_seconds(nanos), text);
    }
    assert_eq!(write(EpochNanos(10i128.pow(30) + 7)), "1000000000000000000000000000007");
    assert_eq!(write(EpochNanos(-(10i128.pow(30)))), "-1000000000000000000000000000000");
}

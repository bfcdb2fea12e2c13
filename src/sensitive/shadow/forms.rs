//! Characters that are forms of ASCII's, or nothing to the eye.
//!
//! What is dropped has Unicode's property Default_Ignorable_Code_Point, is a control character, or a mark that combines
//! with a digit or letter (a keycap, an underline). Decimal digits are those of general category Nd. Other forms are
//! those whose compatibility decomposition (Unicode Standard Annex 15) is the ASCII character, and hyphens, dashes and
//! dots that look like one. Letters of other scripts that look alike are not here.

/// What a character reads as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    Itself,
    As(u8),
    Nothing,
}

#[inline]
pub(super) fn ascii(c: char) -> Reads {
    // ASCII, letters of Latin, Greek and Cyrillic, Han, Hangul: most of all texts.
    match c {
        ' '..='~' | '\t' | '\n' | '\r' => Reads::Itself,
        '\u{BA}'..='\u{2FF}' | '\u{370}'..='\u{589}' | '\u{3165}'..='\u{A4F7}' | '\u{AC00}'..='\u{FDFF}' => {
            Reads::Itself
        }
        _ => rare(u32::from(c)),
    }
}

#[inline(never)]
fn rare(c: u32) -> Reads {
    let row = FORMS.partition_point(|row| row.0 <= c).wrapping_sub(1);
    let Some(&(first, _, ascii, cycle)) = FORMS.get(row).filter(|row| c - row.0 < u32::from(row.1)) else {
        return Reads::Itself;
    };
    let step = ((c - first) % u32::from(cycle)) as u8;
    match ascii {
        0 => Reads::Nothing,
        // Twice 26 letters, between whose cases ASCII has six other characters.
        b'A' if step > 25 => Reads::As(ascii + step + 6),
        _ => Reads::As(ascii + step),
    }
}

const DROP: (u8, u8) = (0, 1);
const DIGITS: (u8, u8) = (b'0', 10);
const SPACE: (u8, u8) = (b' ', 1);
const HYPHEN: (u8, u8) = (b'-', 1);

const fn row(first: u32, count: u16, (ascii, cycle): (u8, u8)) -> (u32, u16, u8, u8) {
    (first, count, ascii, cycle)
}

/// In order: the first of some characters, how many they are, the ASCII character of the first, and after how many the
/// count begins anew.
const FORMS: &[(u32, u16, u8, u8)] = &[
    row(0x00, 9, DROP),
    row(0x0B, 2, DROP),
    row(0x0E, 18, DROP),
    row(0x7F, 33, DROP),
    row(0xA0, 1, SPACE),
    row(0xAD, 1, DROP),
    row(0xB2, 2, (b'2', 2)),
    row(0xB7, 1, (b'.', 1)),
    row(0xB9, 1, (b'1', 1)),
    row(0x0300, 0x70, DROP), // combining marks; U+034F
    row(0x058A, 1, HYPHEN),
    row(0x05BE, 1, HYPHEN),
    row(0x061C, 1, DROP),
    row(0x0660, 10, DIGITS),
    row(0x06F0, 10, DIGITS),
    row(0x07C0, 10, DIGITS),
    row(0x0966, 10, DIGITS),
    row(0x09E6, 10, DIGITS),
    row(0x0A66, 10, DIGITS),
    row(0x0AE6, 10, DIGITS),
    row(0x0B66, 10, DIGITS),
    row(0x0BE6, 10, DIGITS),
    row(0x0C66, 10, DIGITS),
    row(0x0CE6, 10, DIGITS),
    row(0x0D66, 10, DIGITS),
    row(0x0DE6, 10, DIGITS),
    row(0x0E50, 10, DIGITS),
    row(0x0ED0, 10, DIGITS),
    row(0x0F20, 10, DIGITS),
    row(0x1040, 10, DIGITS),
    row(0x1090, 10, DIGITS),
    row(0x115F, 2, DROP),
    row(0x1680, 1, SPACE),
    row(0x17B4, 2, DROP),
    row(0x17E0, 10, DIGITS),
    row(0x1806, 1, HYPHEN),
    row(0x180B, 5, DROP),
    row(0x1810, 10, DIGITS),
    row(0x1946, 10, DIGITS),
    row(0x19D0, 10, DIGITS),
    row(0x1A80, 10, DIGITS),
    row(0x1A90, 10, DIGITS),
    row(0x1B50, 10, DIGITS),
    row(0x1BB0, 10, DIGITS),
    row(0x1C40, 10, DIGITS),
    row(0x1C50, 10, DIGITS),
    row(0x2000, 11, SPACE),
    row(0x200B, 5, DROP),
    row(0x2010, 6, HYPHEN),
    row(0x2024, 1, (b'.', 1)),
    row(0x2027, 1, (b'.', 1)),
    row(0x2028, 2, SPACE),
    row(0x202A, 5, DROP),
    row(0x202F, 1, SPACE),
    row(0x2043, 1, HYPHEN),
    row(0x2044, 1, (b'/', 1)),
    row(0x205F, 1, SPACE),
    row(0x2060, 16, DROP),
    row(0x2070, 1, (b'0', 1)),
    row(0x2074, 6, (b'4', 6)),
    row(0x207A, 1, (b'+', 1)),
    row(0x207B, 1, HYPHEN),
    row(0x2080, 10, DIGITS),
    row(0x208A, 1, (b'+', 1)),
    row(0x208B, 1, HYPHEN),
    row(0x20D0, 0x21, DROP), // marks around a character
    row(0x2212, 1, HYPHEN),
    row(0x2215, 1, (b'/', 1)),
    row(0x2219, 1, (b'.', 1)),
    row(0x2236, 1, (b':', 1)),
    row(0x22C5, 1, (b'.', 1)),
    row(0x2460, 9, (b'1', 9)),
    row(0x24B6, 52, (b'A', 52)),
    row(0x24EA, 1, (b'0', 1)),
    row(0x2776, 9, (b'1', 9)),
    row(0x2780, 9, (b'1', 9)),
    row(0x3000, 1, SPACE),
    row(0x3002, 1, (b'.', 1)),
    row(0x3164, 1, DROP),
    row(0xA4F8, 1, (b'.', 1)),
    row(0xA620, 10, DIGITS),
    row(0xA789, 1, (b':', 1)),
    row(0xA8D0, 10, DIGITS),
    row(0xA900, 10, DIGITS),
    row(0xA9D0, 10, DIGITS),
    row(0xA9F0, 10, DIGITS),
    row(0xAA50, 10, DIGITS),
    row(0xABF0, 10, DIGITS),
    row(0xFE00, 16, DROP),
    row(0xFE13, 1, (b':', 1)),
    row(0xFE20, 16, DROP),
    row(0xFE52, 1, (b'.', 1)),
    row(0xFE55, 1, (b':', 1)),
    row(0xFE58, 1, HYPHEN),
    row(0xFE62, 1, (b'+', 1)),
    row(0xFE63, 1, HYPHEN),
    row(0xFE66, 1, (b'=', 1)),
    row(0xFE6A, 1, (b'%', 1)),
    row(0xFE6B, 1, (b'@', 1)),
    row(0xFEFF, 1, DROP),
    row(0xFF01, 94, (b'!', 94)),
    row(0xFF61, 1, (b'.', 1)),
    row(0xFFA0, 1, DROP),
    row(0xFFF0, 9, DROP),
    row(0x104A0, 10, DIGITS),
    row(0x10D30, 10, DIGITS),
    row(0x10D40, 10, DIGITS),
    row(0x11066, 10, DIGITS),
    row(0x110F0, 10, DIGITS),
    row(0x11136, 10, DIGITS),
    row(0x111D0, 10, DIGITS),
    row(0x112F0, 10, DIGITS),
    row(0x11450, 10, DIGITS),
    row(0x114D0, 10, DIGITS),
    row(0x11650, 10, DIGITS),
    row(0x116C0, 10, DIGITS),
    row(0x116D0, 20, DIGITS),
    row(0x11730, 10, DIGITS),
    row(0x118E0, 10, DIGITS),
    row(0x11950, 10, DIGITS),
    row(0x11BF0, 10, DIGITS),
    row(0x11C50, 10, DIGITS),
    row(0x11D50, 10, DIGITS),
    row(0x11DA0, 10, DIGITS),
    row(0x11F50, 10, DIGITS),
    row(0x16130, 10, DIGITS),
    row(0x16A60, 10, DIGITS),
    row(0x16AC0, 10, DIGITS),
    row(0x16B50, 10, DIGITS),
    row(0x16D70, 10, DIGITS),
    row(0x1BCA0, 4, DROP),
    row(0x1CCD6, 26, (b'A', 26)),
    row(0x1CCF0, 10, DIGITS),
    row(0x1D173, 8, DROP),
    row(0x1D400, 676, (b'A', 52)),
    row(0x1D7CE, 50, DIGITS),
    row(0x1E140, 10, DIGITS),
    row(0x1E2F0, 10, DIGITS),
    row(0x1E4F0, 10, DIGITS),
    row(0x1E5F1, 10, DIGITS),
    row(0x1E950, 10, DIGITS),
    row(0x1FBF0, 10, DIGITS),
    row(0xE0000, 4096, DROP),
];

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::{Class, HirKind};

    fn all(class: &str) -> Vec<char> {
        let hir = regex_syntax::parse(class).expect("a class");
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else { panic!("no class") };
        class.iter().flat_map(|range| range.start()..=range.end()).collect()
    }

    #[test]
    fn rows_are_in_order_and_apart() {
        for pair in FORMS.windows(2) {
            assert!(pair[0].0 + u32::from(pair[0].1) <= pair[1].0, "{:x}", pair[1].0);
        }
        assert!(FORMS.iter().all(|row| row.3 > 0));
    }

    #[test]
    fn every_decimal_digit_reads_as_itself() {
        let digits = all(r"\p{Nd}");
        assert!(digits.len() > 700);
        // Decimal digits come in tens, each with its zero first (Unicode Standard, §4.6).
        for ten in digits.chunks(10).skip(1) {
            for (value, digit) in ten.iter().enumerate() {
                assert_eq!(ascii(*digit), Reads::As(b'0' + value as u8), "U+{:04X}", u32::from(*digit));
            }
        }
    }

    #[test]
    fn what_may_be_ignored_reads_as_nothing() {
        for c in all(r"\p{Default_Ignorable_Code_Point}") {
            assert_eq!(ascii(c), Reads::Nothing, "U+{:04X}", u32::from(c));
        }
        for c in all(r"\p{Cc}") {
            let blank = matches!(c, '\t' | '\n' | '\r');
            assert_eq!(ascii(c), if blank { Reads::Itself } else { Reads::Nothing });
        }
    }

    #[test]
    fn blanks_and_dashes_read_as_theirs() {
        for c in all(r"\p{Zs}").into_iter().filter(|c| *c != ' ') {
            assert_eq!(ascii(c), Reads::As(b' '), "U+{:04X}", u32::from(c));
        }
        for c in "‐‑‒–—―−﹘﹣－".chars() {
            assert_eq!(ascii(c), Reads::As(b'-'), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn forms_read_as_their_letters() {
        let said: Vec<u8> = "ＡＺａｚ＠．：𝐀𝐳𝓑ⓩ⑨𝟗²⁰"
            .chars()
            .map(|c| if let Reads::As(ascii) = ascii(c) { ascii } else { b'?' })
            .collect();
        assert_eq!(String::from_utf8_lossy(&said), "AZaz@.:AzBz9920");
        for c in "aé日ßЖ-@".chars() {
            assert_eq!(ascii(c), Reads::Itself);
        }
    }
}

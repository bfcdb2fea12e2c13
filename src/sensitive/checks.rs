//! Check digits.

/// ISO/IEC 7812-1 annex B (Luhn), over the values of digits.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().fold(0, |sum: usize, (place, digit)| {
        let doubled = usize::from(*digit) << (place % 2);
        sum + if doubled > 9 { doubled - 9 } else { doubled }
    });
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 97-10 as ISO 13616-1 applies it: the first four characters come last, letters count from 10 on.
pub(super) fn mod97(text: &[u8]) -> bool {
    let (first, rest) = text.split_at(text.len().min(4));
    let rest = rest.iter().chain(first).try_fold(0, |rest, byte| {
        let value = char::from(*byte).to_digit(36)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    rest == Some(1)
}

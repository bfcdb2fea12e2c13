//! Punycode (RFC 3492): any code points in letters, digits and hyphens.

use super::Points;

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// §6.2. Letters become lower-case. None for what is no Punycode.
pub(super) fn decode(text: &[u8]) -> Option<Points> {
    let (basic, extended) = match text.iter().rposition(|byte| *byte == b'-') {
        Some(end) => (text.get(..end)?, text.get(end + 1..)?),
        None => (&[][..], text),
    };
    let mut points = Points::new();
    basic.iter().try_for_each(|byte| points.push(u32::from(byte.to_ascii_lowercase())))?;
    let (mut n, mut i, mut bias) = (INITIAL_N, 0u32, INITIAL_BIAS);
    let mut digits = extended.iter();
    while digits.len() > 0 {
        let before = i;
        let (mut weight, mut k) = (1u32, BASE);
        loop {
            let digit = char::from(*digits.next()?);
            let digit = match digit {
                '0'..='9' => digit as u32 - '0' as u32 + 26,
                _ => digit.to_digit(36)? - 10,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = threshold(k, bias);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let count = points.length as u32 + 1;
        bias = adapt(i - before, count, before == 0);
        n = n.checked_add(i / count)?;
        i %= count;
        points.insert(i as usize, n)?;
        i += 1;
    }
    Some(points)
}

/// §6.3. Gives ASCII characters; none where there would be more than any label has, or a number grows too big.
pub(super) fn encode(points: &[u32]) -> Option<Points> {
    let mut text = Points::new();
    let mut done = 0;
    for point in points.iter().filter(|point| **point < INITIAL_N) {
        text.push(*point)?;
        done += 1;
    }
    if done > 0 {
        text.push(u32::from(b'-'))?;
    }
    let (mut n, mut delta, mut bias) = (INITIAL_N, 0u32, INITIAL_BIAS);
    let basic = done;
    while let Some(next) = points.iter().copied().filter(|point| *point >= n).min() {
        delta = delta.checked_add((next - n).checked_mul(done + 1)?)?;
        n = next;
        for point in points {
            if *point < n {
                delta = delta.checked_add(1)?;
            } else if *point == n {
                let (mut q, mut k) = (delta, BASE);
                loop {
                    let t = threshold(k, bias);
                    if q < t {
                        break;
                    }
                    text.push(character(t + (q - t) % (BASE - t)))?;
                    q = (q - t) / (BASE - t);
                    k += BASE;
                }
                text.push(character(q))?;
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(text)
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

/// §6.1.
fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + 38)
}

fn character(digit: u32) -> u32 {
    if digit < 26 { u32::from(b'a') + digit } else { u32::from(b'0') + digit - 26 }
}

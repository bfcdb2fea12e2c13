//! The walk over what nobody asked for: the grammar alone, in loops that keep little at hand.

use super::token::{At, NEXT_STRING, Text, closer, found, literal, number, pack, unpack};
use crate::plan::Members;

/// Passes over the container that begins at `start`, down to `depth` levels; gives the place behind it.
#[inline(always)]
pub(crate) fn skip(text: &Text<'_>, start: usize, depth: usize, breaks: &mut bool) -> Option<usize> {
    found(pass_over(text, start, depth, breaks))
}

#[inline(never)]
fn pass_over(text: &Text<'_>, start: usize, depth: usize, breaks: &mut bool) -> usize {
    container(*text, start, depth, breaks).unwrap_or(0)
}

/// Levels that one call keeps track of; deeper ones are a call's of their own.
const LEVELS: usize = 60;

#[inline(always)]
fn container(text: Text<'_>, start: usize, depth: usize, breaks: &mut bool) -> Option<usize> {
    let (bytes, stops) = (text.bytes, text.index.stops());
    // A bit per open container, 1 for an object, the innermost lowest; above them a 1 and a 0 for what all stands in.
    const OUTSIDE: u64 = 0b10;
    let full = OUTSIDE << depth.min(LEVELS);
    let mut open = OUTSIDE;
    let (mut pos, mut c) = (start, *bytes.get(start)?);
    'entry: loop {
        let mut string = false;
        if open & 1 == 1 {
            if c != b'"' {
                return None;
            }
            ((pos, c), string) = text.value_of(stops.next(pos + 1), breaks)?;
        }
        if string || c == b'"' {
            let close = stops.next(pos + 1);
            let tail = text.four(close)?;
            if tail & 0xFF_FFFF == NEXT_STRING {
                (pos, c) = (close + 2, b'"');
                continue 'entry;
            }
            if tail as u8 != b'"' {
                return None;
            }
            pos = close + 1;
        } else {
            match c {
                b'{' | b'[' if open >= full => {
                    let depth = depth.checked_sub(LEVELS).filter(|depth| *depth > 0)?;
                    pos = found(pass_over(&text, pos, depth, breaks))?;
                }
                b'{' | b'[' => {
                    open = open << 1 | u64::from(c == b'{');
                    (pos, c) = text.at(pos + 1, breaks)?;
                    if c != closer(open & 1 == 1) {
                        continue 'entry;
                    }
                }
                b'-' | b'0'..=b'9' => pos = number(bytes, pos)?,
                _ => pos = literal(bytes, pos)?.1,
            }
        }
        // Behind a value: a comma and the next entry, or the ends of containers.
        loop {
            (pos, c) = text.at(pos, breaks)?;
            if c == b',' {
                (pos, c) = text.at(pos + 1, breaks)?;
                continue 'entry;
            }
            if c != closer(open & 1 == 1) {
                return None;
            }
            pos += 1;
            open >>= 1;
            if open == OUTSIDE {
                return Some(pos);
            }
        }
    }
}

/// Passes over the members of an object, from the key at `pos` on, until one comes whose key may be among `bits` or
/// holds escapes, or the object ends: gives that key's opening quote, or the closing brace.
#[inline(always)]
pub(super) fn skip_members(text: &Text<'_>, bits: u64, pos: usize, depth: usize, breaks: &mut bool) -> Option<At> {
    unpack(pass_members(text, bits, pos, depth, breaks))
}

#[inline(never)]
fn pass_members(text: &Text<'_>, bits: u64, pos: usize, depth: usize, breaks: &mut bool) -> u64 {
    pack(members(*text, bits, pos, depth, breaks))
}

#[inline(always)]
fn members(text: Text<'_>, bits: u64, start: usize, depth: usize, breaks: &mut bool) -> Option<At> {
    let (bytes, index, stops) = (text.bytes, text.index, text.index.stops());
    let (mut pos, mut c) = (start, b'"');
    loop {
        if c != b'"' {
            return None;
        }
        let close = stops.next(pos + 1);
        if Members::may_differ(bits, *bytes.get(pos + 1)?, close - pos - 1) {
            return Some((pos, c));
        }
        if index.may_escape(pos, close) && bytes.get(pos..close)?.contains(&b'\\') {
            return Some((pos, c));
        }
        let string;
        ((pos, c), string) = text.value_of(close, breaks)?;
        if string || c == b'"' {
            let close = stops.next(pos + 1);
            let tail = text.four(close)?;
            if tail & 0xFF_FFFF == NEXT_STRING {
                (pos, c) = (close + 2, b'"');
                continue;
            }
            if tail as u8 != b'"' {
                return None;
            }
            pos = close + 1;
        } else {
            match c {
                b'{' | b'[' => pos = skip(&text, pos, depth, breaks)?,
                b'-' | b'0'..=b'9' => pos = number(bytes, pos)?,
                _ => pos = literal(bytes, pos)?.1,
            }
        }
        (pos, c) = text.at(pos, breaks)?;
        if c == b'}' {
            return Some((pos, c));
        }
        if c != b',' {
            return None;
        }
        (pos, c) = text.at(pos + 1, breaks)?;
    }
}

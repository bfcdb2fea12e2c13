//! HMAC-SHA-256: equal texts stay joinable, and nobody without the key can try out what they were.

mod hmac;
mod sha256;
#[cfg(test)]
mod tests;

pub(crate) use hmac::Hmac;

/// The digest of a text.
pub(crate) fn sha256(text: &[u8]) -> [u8; 32] {
    let mut digest = sha256::Sha256::new();
    digest.add(text);
    digest.end()
}

/// A digest in hexadecimal letters.
pub(crate) fn hex(digest: &[u8; 32]) -> [u8; 64] {
    const LETTERS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 64];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
        pair[0] = LETTERS[usize::from(byte >> 4)];
        pair[1] = LETTERS[usize::from(byte & 15)];
    }
    text
}

/// The key of a name; else the one named `*`, which stands for all that are not given.
pub(crate) fn key_of<'k>(keys: &'k [(String, Vec<u8>)], name: &str) -> Option<&'k (String, Vec<u8>)> {
    let given = |name: &str| keys.iter().find(|(known, _)| known == name);
    given(name).or_else(|| given("*"))
}

//! HMAC (RFC 2104) with SHA-256.

use super::sha256::Sha256;

/// A key, made ready: both of its blocks are digested once.
#[derive(Clone)]
pub(crate) struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl std::fmt::Debug for Hmac {
    /// Nothing of the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hmac")
    }
}

impl Hmac {
    /// Takes a key of any length; one shorter than the digest's 32 bytes is weak (RFC 2104, section 3).
    pub(crate) fn new(key: &[u8]) -> Hmac {
        let mut block = [0; 64];
        if key.len() > block.len() {
            let mut digest = Sha256::new();
            digest.add(key);
            block[..32].copy_from_slice(&digest.end());
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let begun = |pad: u8| {
            let mut digest = Sha256::new();
            digest.add(&block.map(|byte| byte ^ pad));
            digest
        };
        Hmac { inner: begun(0x36), outer: begun(0x5c) }
    }

    pub(crate) fn of(&self, text: &[u8]) -> [u8; 32] {
        let mut inner = self.inner.clone();
        inner.add(text);
        let mut outer = self.outer.clone();
        outer.add(&inner.end());
        outer.end()
    }
}

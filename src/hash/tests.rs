//! The digests that the standards show.

use super::sha256::Sha256;
use super::{Hmac, hex};

fn sha256(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.add(part));
    String::from_utf8_lossy(&hex(&digest.end())).into_owned()
}

/// NIST's examples for FIPS 180-4, and its million letters.
#[test]
fn sha_256_is_that_of_fips_180_4() {
    let million = vec![b'a'; 1_000_000];
    let cases: [(&[u8], &str); 4] = [
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (&million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ];
    for (text, digest) in cases {
        assert_eq!(sha256(&[text]), digest);
        for cut in [1, 55, 56, 63, 64, 65].into_iter().filter(|cut| *cut < text.len()) {
            assert_eq!(sha256(&[&text[..cut], &text[cut..]]), digest, "cut at {cut}");
        }
    }
}

/// RFC 4231, section 4: short and long keys, short and long texts.
#[test]
fn hmac_is_that_of_rfc_4231() {
    let cases: [(Vec<u8>, &[u8], &str); 6] = [
        (vec![0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (vec![0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ((1..=25).collect(), &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (key, text, digest) in cases {
        assert_eq!(String::from_utf8_lossy(&hex(&Hmac::new(&key).of(text))), digest);
    }
}

#[test]
fn a_key_is_not_shown() {
    assert_eq!(format!("{:?}", Hmac::new(&[7; 32])), "Hmac");
}

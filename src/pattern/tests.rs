use super::*;

fn find(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e:?}")).is_match(text.as_bytes())
}

#[test]
fn smoke() {
    assert!(find("^a+$", "aaa"));
    assert!(!find("^a+$", "aab"));
    assert!(find("a{2,3}b", "xaab"));
    assert!(find(r"^\p{Letter}+$", "πa"));
    assert!(find(r"\bfoo\b", "a foo b"));
    assert!(!find(r"\bfoo\b", "a food b"));
}

//! `did you mean`: the known word nearest to an unknown one.

/// Characters of a word that are compared.
const LONGEST: usize = 64;

/// The word that takes the fewest changes to reach, if they are few for its length.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters_of_word = letters(word);
    let most = 1 + word.chars().count() / 4;
    let near = known.into_iter().filter_map(|known| {
        let letters_of_known = letters(known);
        // Each letter too many or too few is a change.
        let may_be = letters_of_known.len().abs_diff(letters_of_word.len()) <= most;
        let changes = may_be.then(|| distance(&letters_of_word, &letters_of_known))?;
        (changes <= most).then_some((changes, known))
    });
    near.min_by_key(|(changes, _)| *changes).map(|(_, known)| known)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()).collect()
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    // The last three rows of the table: a swap looks two rows back.
    let mut rows = [[0; LONGEST + 1]; 3];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let row = |back: usize| (i + 3 - back) % 3;
            rows[row(0)][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let other = usize::from(a[i - 1] != b[j - 1]);
                let mut far = (rows[row(1)][j] + 1).min(rows[row(0)][j - 1] + 1).min(rows[row(1)][j - 1] + other);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    far = far.min(rows[row(2)][j - 2] + 1);
                }
                far
            };
        }
    }
    rows[a.len() % 3][b.len()]
}

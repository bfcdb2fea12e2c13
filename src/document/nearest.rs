//! `did you mean`: the known word nearest to an unknown one.

/// Characters of a word that are compared.
const LONGEST: usize = 64;

/// The word that takes the fewest changes to reach, if they are few for its length: one for three letters, two for
/// seven, never more than three.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, &mut known.into_iter())
}

fn nearest_of<'a>(word: &str, known: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters_of_word = letters(word);
    let mut most = ((word.chars().count() + 1) / 4).min(3);
    let mut near = None;
    for known in known {
        let letters_of_known = letters(known);
        // Each letter too many or too few is a change.
        let may_be = letters_of_known.len().abs_diff(letters_of_word.len()) <= most;
        if may_be {
            let changes = distance(&letters_of_word, &letters_of_known);
            if changes < most || (changes == most && near.is_none()) {
                (most, near) = (changes, Some(known));
            }
        }
    }
    near
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

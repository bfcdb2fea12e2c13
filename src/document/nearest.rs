//! `did you mean`: the known word nearest to an unknown one.

/// Characters of a word that are compared.
const LONGEST: usize = 64;

/// The word that takes the fewest changes to reach, if they are few for its length.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters_of_word = letters(word);
    let far = |known| distance(&letters_of_word, &letters(known));
    let (changes, best) = known.into_iter().map(|k| (far(k), k)).min_by_key(|(changes, _)| *changes)?;
    (changes <= 1 + word.chars().count() / 4).then_some(best)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()).collect()
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut far = [[0; LONGEST + 1]; LONGEST + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                far[i][j] = i + j;
                continue;
            }
            let other = usize::from(a[i - 1] != b[j - 1]);
            far[i][j] = (far[i - 1][j] + 1).min(far[i][j - 1] + 1).min(far[i - 1][j - 1] + other);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                far[i][j] = far[i][j].min(far[i - 2][j - 2] + 1);
            }
        }
    }
    far[a.len()][b.len()]
}

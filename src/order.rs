//! The order of a list's entries: what a map would be for, without its code being compiled once for each type of key.

use std::cmp::Ordering;

/// Numbers of entries, ascending by what the entries are known by. To add one takes the time of moving those behind it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    numbers: Vec<u32>,
}

impl Order {
    /// The number of an entry by how others compare to it; where there is none, `next`, which stands at its place from now on.
    #[inline(never)]
    pub(crate) fn find_or_add(&mut self, next: usize, compare: &dyn Fn(usize) -> Ordering) -> usize {
        match self.place(compare) {
            Ok(place) => self.numbers[place] as usize,
            Err(place) => {
                self.numbers.insert(place, next as u32);
                next
            }
        }
    }

    /// The numbers, ascending by their entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.numbers.iter().map(|&number| number as usize)
    }

    #[inline(never)]
    fn place(&self, compare: &dyn Fn(usize) -> Ordering) -> Result<usize, usize> {
        self.numbers.binary_search_by(|&number| compare(number as usize))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_as_a_map_does(keys in proptest::collection::vec(0..50u8, 0..100)) {
            let (mut order, mut list, mut map) = (Order::default(), Vec::<u8>::new(), BTreeMap::new());
            for key in keys {
                let next = list.len();
                let number = order.find_or_add(next, &|n| list[n].cmp(&key));
                prop_assert_eq!(number, *map.entry(key).or_insert(next));
                if number == next {
                    list.push(key);
                }
            }
            prop_assert_eq!(order.iter().collect::<Vec<_>>(), map.into_values().collect::<Vec<_>>());
        }
    }
}

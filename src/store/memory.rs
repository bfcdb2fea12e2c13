//! Memory that grows by blocks, so that nothing large is ever moved, and says when there is no more.

/// There is no more memory: of the engine, or of what the store may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl std::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected free memory")
    }
}

impl std::error::Error for OutOfMemory {}

/// A list in blocks.
#[derive(Debug)]
pub(super) struct Blocks<T> {
    blocks: Vec<Vec<T>>,
}

/// Entries of a block.
const ENTRIES: usize = 1 << 14;

impl<T> Default for Blocks<T> {
    fn default() -> Blocks<T> {
        Blocks { blocks: Vec::new() }
    }
}

impl<T: Copy> Blocks<T> {
    pub(super) fn len(&self) -> usize {
        self.blocks.len().saturating_sub(1) * ENTRIES + self.blocks.last().map_or(0, Vec::len)
    }

    pub(super) fn push(&mut self, entry: T) -> Result<(), OutOfMemory> {
        if self.blocks.last().is_none_or(|block| block.len() == ENTRIES) {
            let mut block = Vec::new();
            block.try_reserve_exact(ENTRIES).map_err(|_| OutOfMemory)?;
            self.blocks.push(block);
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(entry);
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn get(&self, at: usize) -> Option<T> {
        self.blocks.get(at / ENTRIES)?.get(at % ENTRIES).copied()
    }

    pub(super) fn bytes(&self) -> usize {
        self.blocks.len() * ENTRIES * size_of::<T>()
    }
}

/// Whether so many bytes could be had now.
pub(super) fn headroom(bytes: usize) -> Result<(), OutOfMemory> {
    let mut room = Vec::<u8>::new();
    room.try_reserve_exact(bytes).map_err(|_| OutOfMemory)?;
    // Without a look at it, an optimiser may find that nobody needs it.
    std::hint::black_box(&room);
    Ok(())
}

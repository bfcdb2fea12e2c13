//! Paths: `details.request.ip`, `*.email`, `lines[*].input`, `**.token`, `a\.b`.

use crate::limits::MAX_PATH_SEGMENTS;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Segment {
    /// A member of that name. In an array: in each element.
    Name(String),
    /// `*`: any one member or element.
    Any,
    /// `[2]`: the element at that place, from 0.
    Index(u32),
    /// `[*]`: any element.
    Element,
    /// Any number of elements, each of the one before, none too; no policy writes it.
    Elements,
    /// `**`: any number of members or elements, none too.
    Deep,
}

/// A place, or a pattern of places, in a document.
///
/// ```text
/// path    = step *( "." step / index )
/// step    = "*" / "**" / name        ; an index may also stand first
/// index   = "[" ( digits / "*" ) "]"
/// name    = 1*( any character but . [ ] * \ / "\" any character )
/// ```
///
/// A name steps through arrays (`lines.input` reaches the input of every line), and every path goes on into a
/// string that holds JSON. `a.**` is everything below `a`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    pub(crate) segments: Vec<Segment>,
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathError {
    /// The byte of the path at which it stops being one.
    pub at: usize,
    /// What should have stood there.
    pub expected: &'static str,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// The first place at which the text is no path.
    ///
    /// ```
    /// # use logweir::Path;
    /// assert!(Path::parse("lines[*].input.message").is_ok());
    /// assert_eq!(Path::parse("lines[").unwrap_err().at, 6);
    /// ```
    pub fn parse(text: &str) -> Result<Path, PathError> {
        let bytes = text.as_bytes();
        let fail = |at, expected| Err(PathError { at, expected });
        let mut segments = Vec::new();
        let mut at = 0;
        loop {
            if segments.len() >= MAX_PATH_SEGMENTS {
                return fail(at, "at most 64 steps");
            }
            // A step; behind an index only where a dot announced it.
            if bytes.get(at) == Some(&b'[') {
                let (segment, end) = index(bytes, at)?;
                segments.push(segment);
                at = end;
            } else {
                let (segment, end) = step(text, at)?;
                segments.push(segment);
                at = end;
            }
            match bytes.get(at) {
                None => break,
                Some(b'[') => {}
                Some(b'.') => {
                    at += 1;
                    if bytes.get(at) == Some(&b'[') {
                        return fail(at, "a name, * or ** after the dot (an index follows a name directly: name[0])");
                    }
                }
                Some(_) => return fail(at, "a dot, [ or the end of the path"),
            }
        }
        // What lies below is meant, not the thing itself.
        if segments.last() == Some(&Segment::Deep) {
            let deep = segments.len() - 1;
            segments.insert(deep, Segment::Any);
        }
        Ok(Path { segments })
    }

    /// The same place below as many keys, whatever they are.
    pub(crate) fn below(&self, keys: usize) -> Path {
        let wrappers = std::iter::repeat_n(Segment::Any, keys);
        Path { segments: wrappers.chain(self.segments.iter().cloned()).collect() }
    }

    /// The same, where what is a list of things may as well be one of them: a name steps through arrays.
    pub(crate) fn with_or_without_lists(&self) -> Path {
        let is_followed = |at: usize| matches!(self.segments.get(at + 1), Some(Segment::Name(_)));
        let segments = self.segments.iter().enumerate();
        let segments = segments.filter(|(at, segment)| **segment != Segment::Element || !is_followed(*at));
        Path { segments: segments.map(|(_, segment)| segment.clone()).collect() }
    }

    /// The last name in it.
    pub(crate) fn last_name(&self) -> Option<&str> {
        self.segments.iter().rev().find_map(|segment| match segment {
            Segment::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether it leads to any depth.
    pub(crate) fn is_of_any_depth(&self) -> bool {
        self.segments.contains(&Segment::Deep)
    }

    /// Whether its first step is any number of steps.
    pub(crate) fn begins_anywhere(&self) -> bool {
        self.segments.first() == Some(&Segment::Deep)
    }

    /// Whether it leads to a place for certain, or to one around it.
    pub(crate) fn leads_to(&self, place: &[Segment]) -> bool {
        leads_to(&self.segments, place)
    }

    /// The place, and if it is an array, the elements of that, and of those that are arrays.
    pub(crate) fn and_elements(mut self) -> Path {
        self.segments.push(Segment::Elements);
        self
    }

    /// Whatever is below the place.
    pub(crate) fn and_all_below(mut self) -> Path {
        self.segments.extend([Segment::Any, Segment::Deep]);
        self
    }

    /// A member of the document, whatever characters its name has.
    pub(crate) fn name(name: &str) -> Path {
        Path { segments: vec![Segment::Name(name.to_owned())] }
    }

    /// Every value of a document, the document itself included.
    pub(crate) fn everything() -> Path {
        Path { segments: vec![Segment::Deep] }
    }
}

fn leads_to(path: &[Segment], place: &[Segment]) -> bool {
    let Some((step, rest)) = path.split_first() else { return true };
    let Some((at, below)) = place.split_first() else {
        // `**` is nothing, too.
        return path.iter().all(|step| *step == Segment::Deep);
    };
    match (step, at) {
        (Segment::Deep, _) => leads_to(rest, place) || leads_to(path, below),
        (Segment::Name(name), Segment::Name(other)) => name == other && leads_to(rest, below),
        // A name steps through arrays.
        (Segment::Name(_), _) => leads_to(path, below),
        (Segment::Any, _) => leads_to(rest, below),
        (Segment::Element, Segment::Name(_)) | (Segment::Index(_) | Segment::Elements, _) => false,
        (Segment::Element, _) => leads_to(rest, below),
    }
}

fn index(bytes: &[u8], open: usize) -> Result<(Segment, usize), PathError> {
    let start = open + 1;
    let fail = |at| Err(PathError { at, expected: "an element's number from 0, or *, and ]" });
    if bytes[start..].starts_with(b"*]") {
        return Ok((Segment::Element, start + 2));
    }
    let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    let end = start + digits;
    if digits == 0 || bytes.get(end) != Some(&b']') {
        return fail(end);
    }
    let number = bytes[start..end].iter().try_fold(0u32, |n, b| n.checked_mul(10)?.checked_add(u32::from(b - b'0')));
    match number {
        Some(number) => Ok((Segment::Index(number), end + 1)),
        None => fail(start),
    }
}

fn step(text: &str, start: usize) -> Result<(Segment, usize), PathError> {
    let stars = text[start..].bytes().take_while(|&b| b == b'*').count();
    match stars {
        0 => {}
        1 => return Ok((Segment::Any, start + 1)),
        2 => return Ok((Segment::Deep, start + 2)),
        _ => {
            return Err(PathError { at: start + 2, expected: "* or **" });
        }
    }
    let mut name = String::new();
    let mut chars = text[start..].char_indices();
    let mut end = text.len();
    while let Some((i, c)) = chars.next() {
        match c {
            '.' | '[' => {
                end = start + i;
                break;
            }
            ']' | '*' => {
                return Err(PathError { at: start + i, expected: "a name (write \\* or \\] for the character)" });
            }
            '\\' => match chars.next() {
                Some((_, escaped)) => name.push(escaped),
                None => {
                    return Err(PathError { at: text.len(), expected: "the character that \\ escapes" });
                }
            },
            c => name.push(c),
        }
    }
    if name.is_empty() {
        return Err(PathError { at: start, expected: "a name, *, ** or [index]" });
    }
    Ok((Segment::Name(name), end))
}

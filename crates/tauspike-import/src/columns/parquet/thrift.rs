//! A walk over Thrift's compact encoding, in which Parquet writes its footer and the headers of its pages.
//!
//! It keeps nothing but whole numbers at the top and one level below; it is here because the `parquet` crate believes what it reads:
//! a list of 2^31 booleans takes six bytes, since it counts none for each, and keeps it busy for seconds; a field of the wrong type is read as if it
//! were of the right one. This walk reads no more steps than there are bytes, and refuses both.
//! The encoding is described in the Thrift repository, doc/specs, "Thrift Compact protocol encoding".

/// What the format says a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Bool,
    Byte,
    /// Of any width.
    Int,
    Double,
    Binary,
    List(&'static Kind),
    /// The fields with the ids 1, 2 and so on; further ones may hold anything.
    Struct(&'static [Kind]),
    /// An id that is not in use, or that some newer format uses.
    Any,
}

/// A whole number in a struct: `ids` are the field's id, or the id of a struct and of a field in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub ids: [i16; 2],
    pub value: i64,
}

/// Levels of structs and lists beyond which a walk ends.
const DEEPEST: usize = 32;

/// Walks a struct at the start of `bytes`: its length in bytes and its numbers.
pub(super) fn walk(bytes: &[u8], fields: &'static [Kind]) -> Result<(usize, Vec<Number>), &'static str> {
    let mut walk = Walk { bytes, at: 0, ids: Vec::new(), numbers: Vec::new() };
    walk.fields(fields)?;
    Ok((walk.at, walk.numbers))
}

/// What a walk says of bytes that end too early: with more of them it may succeed.
pub(super) const ENDS: &str = "its metadata ends too early";
const WRONG_TYPE: &str = "its metadata has a field of the wrong type";

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Of the structs around.
    ids: Vec<i16>,
    numbers: Vec<Number>,
}

impl Walk<'_> {
    fn fields(&mut self, fields: &'static [Kind]) -> Result<(), &'static str> {
        let mut id = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => self.zigzag()? as i16,
                delta => id.checked_add(i16::from(delta)).ok_or(WRONG_TYPE)?,
            };
            let kind = usize::try_from(id).ok().and_then(|id| fields.get(id.wrapping_sub(1))).unwrap_or(&Kind::Any);
            self.enter(id)?;
            self.field(head & 15, *kind)?;
            self.ids.pop();
        }
    }

    /// A field, or an element of a list, whose type on the wire is `wire`.
    fn field(&mut self, wire: u8, kind: Kind) -> Result<(), &'static str> {
        match (wire, kind) {
            (1 | 2, Kind::Bool | Kind::Any) => Ok(()),
            (3, Kind::Byte | Kind::Any) => self.skip(1),
            (4..=6, Kind::Int | Kind::Any) => {
                let value = self.zigzag()?;
                match self.ids[..] {
                    [id] => self.numbers.push(Number { ids: [id, 0], value }),
                    [outer, id] => self.numbers.push(Number { ids: [outer, id], value }),
                    _ => {}
                }
                Ok(())
            }
            (7, Kind::Double | Kind::Any) => self.skip(8),
            (8, Kind::Binary | Kind::Any) => {
                let length = self.varint()?;
                self.skip(usize::try_from(length).map_err(|_| ENDS)?)
            }
            (9 | 10, Kind::List(element)) => self.list(*element),
            (9 | 10, Kind::Any) => self.list(Kind::Any),
            (12, Kind::Struct(fields)) => self.fields(fields),
            (12, Kind::Any) => self.fields(&[]),
            (13, Kind::Any) => self.skip(16),
            // Parquet has no maps.
            _ => Err(WRONG_TYPE),
        }
    }

    fn list(&mut self, element: Kind) -> Result<(), &'static str> {
        let head = self.byte()?;
        let (size, wire) = (u64::from(head >> 4), head & 15);
        let size = if size == 15 { self.varint()? } else { size };
        if matches!(wire, 1 | 2) {
            return Err("its metadata has a list of booleans, which Parquet has not");
        }
        // Every element takes a byte or more.
        if size > (self.bytes.len() - self.at) as u64 {
            return Err(ENDS);
        }
        // Elements are a level of their own, so that their fields are not taken for those of the struct around.
        self.enter(0)?;
        (0..size).try_for_each(|_| self.field(wire, element))?;
        self.ids.pop();
        Ok(())
    }

    fn enter(&mut self, id: i16) -> Result<(), &'static str> {
        if self.ids.len() == DEEPEST {
            return Err("its metadata is nested too deeply");
        }
        self.ids.push(id);
        Ok(())
    }

    fn zigzag(&mut self) -> Result<i64, &'static str> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn varint(&mut self) -> Result<u64, &'static str> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err("its metadata has a number of more than 64 bits")
    }

    fn byte(&mut self) -> Result<u8, &'static str> {
        let byte = *self.bytes.get(self.at).ok_or(ENDS)?;
        self.at += 1;
        Ok(byte)
    }

    fn skip(&mut self, length: usize) -> Result<(), &'static str> {
        if length > self.bytes.len() - self.at {
            return Err(ENDS);
        }
        self.at += length;
        Ok(())
    }
}

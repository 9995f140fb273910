//! Names of the series, in rows below the title.

use super::chart::{Area, Marks, WIDTH};
use super::colours::{COLOURS, INK, colour};
use plotters::prelude::*;
use std::error::Error;

const LEFT: i32 = 16;
const TOP: i32 = 42;
const ROW: i32 = 21;
const ROWS: i32 = 3;
/// Mean width of a character, with which the length of a name is guessed.
const CHARACTER: i32 = 9;
const SWATCH: i32 = 22;
const GAP: i32 = 18;
const LONGEST: usize = 40;

/// The second round of colours is dashed too.
pub fn is_dashed(k: usize) -> bool {
    (k / COLOURS.len()) % 2 == 1
}

/// Draws all names that fit into three rows, and how many do not; gives the first free line below.
pub fn draw(names: &[String], marks: Marks, area: &Area) -> Result<i32, Box<dyn Error>> {
    let style = ("sans-serif", 15).into_font().color(&INK);
    let (mut left, mut top) = (LEFT, TOP);
    for (k, name) in names.iter().enumerate() {
        let name = shortened(name, LONGEST);
        let width = SWATCH + CHARACTER * name.chars().count() as i32 + GAP;
        let on_last_row = (top - TOP) / ROW == ROWS - 1;
        let reserved = if on_last_row && k + 1 < names.len() { 12 * CHARACTER } else { 0 };
        if left > LEFT && left + width + reserved > WIDTH {
            if on_last_row {
                area.draw(&Text::new(format!("and {} more", names.len() - k), (left, top), style))?;
                break;
            }
            (left, top) = (LEFT, top + ROW);
        }
        swatch(k, marks, (left, top), area)?;
        area.draw(&Text::new(name, (left + SWATCH, top), style.clone()))?;
        left += width;
    }
    Ok(if names.is_empty() { TOP } else { top + ROW + 6 })
}

fn swatch(k: usize, marks: Marks, (left, top): (i32, i32), area: &Area) -> Result<(), Box<dyn Error>> {
    let middle = top + 7;
    match marks {
        Marks::Dots => {
            area.draw(&Rectangle::new([(left + 2, middle - 6), (left + 14, middle + 6)], colour(k).filled()))?
        }
        Marks::Steps => {
            let pieces = if is_dashed(k) { vec![(0, 6), (10, 16)] } else { vec![(0, 16)] };
            for (from, to) in pieces {
                let line = vec![(left + from, middle), (left + to, middle)];
                area.draw(&PathElement::new(line, colour(k).stroke_width(3)))?;
            }
        }
    }
    Ok(())
}

/// At most so many characters.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

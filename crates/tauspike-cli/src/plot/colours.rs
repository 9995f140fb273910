//! Colours of populations, told apart also with colour-blind eyes.

use plotters::style::RGBColor;

pub const INK: RGBColor = RGBColor(40, 40, 40);
pub const GRID: RGBColor = RGBColor(228, 228, 228);

/// Okabe and Ito, "Color Universal Design" (2008), without its yellow, which is too pale on white.
pub const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

/// Of population `k`; when all are used, again and darker or, for black, lighter.
pub fn colour(k: usize) -> RGBColor {
    let RGBColor(red, green, blue) = COLOURS[k % COLOURS.len()];
    if k < COLOURS.len() {
        return RGBColor(red, green, blue);
    }
    let other = |part: u8| (f64::from(part) * 0.55) as u8;
    if k % COLOURS.len() == COLOURS.len() - 1 {
        return RGBColor(140, 140, 140);
    }
    RGBColor(other(red), other(green), other(blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_rounds_of_populations_have_colours_of_their_own() {
        let all: Vec<_> = (0..2 * COLOURS.len()).map(colour).collect();
        assert!((1..all.len()).all(|k| !all[..k].contains(&all[k])), "{all:?}");
    }
}

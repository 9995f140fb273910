//! SVG to PNG, with a font of our own so that its text looks the same on every machine.

use crate::outline::outlined;
use resvg::{tiny_skia, usvg};
use std::error::Error;

/// Pixels of the PNG per unit of the SVG.
const SCALE: f32 = 2.0;

/// The picture as PNG, two pixels per unit.
///
/// # Errors
/// If the text is not SVG, or the picture is too large.
pub fn png(svg: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let tree = usvg::Tree::from_str(&outlined(svg)?, &usvg::Options::default())?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("the picture is too large")?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns and rows of the dark pixels of a picture of 400 x 160 pixels.
    fn dark(body: &str) -> Vec<(usize, usize)> {
        let svg = format!(
            r#"<svg width="200" height="80" xmlns="http://www.w3.org/2000/svg" font-size="16">
            <rect width="200" height="80" fill="white"/>{body}</svg>"#
        );
        let pixels = tiny_skia::Pixmap::decode_png(&png(&svg).unwrap()).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (400, 160));
        let dark = pixels.pixels().iter().enumerate().filter(|(_, pixel)| pixel.red() < 128);
        dark.map(|(k, _)| (k % 400, k / 400)).collect()
    }

    /// Left, right, top and bottom of what is dark.
    fn bounds(body: &str) -> [usize; 4] {
        let (columns, rows): (Vec<_>, Vec<_>) = dark(body).into_iter().unzip();
        let ends = |all: &[usize]| (*all.iter().min().unwrap(), *all.iter().max().unwrap());
        let ((left, right), (top, bottom)) = (ends(&columns), ends(&rows));
        [left, right, top, bottom]
    }

    /// Of the whole ASCII, and of the signs that plots use: none is lost.
    #[test]
    fn every_character_is_seen_in_the_png() {
        assert_eq!(dark("").len(), 0);
        let signs = "µτσΔ²±×−∞é–";
        for c in ('!'..='~').chain(signs.chars()) {
            let c = crate::picture::escaped(&c.to_string());
            assert!(!dark(&format!(r#"<text x="10" y="25" font-size="32">{c}</text>"#)).is_empty(), "{c}");
        }
        assert!(dark(r#"<text x="10" y="25">rate (Hz)</text>"#).len() > 200);
    }

    #[test]
    fn a_character_that_the_font_does_not_have_is_a_box() {
        let of = |text: &str| dark(&format!(r#"<text x="10" y="25">{text}</text>"#));
        assert!(of("\u{4e2d}").len() > 50, "a Chinese character");
        assert_eq!(of("\u{4e2d}"), of("\u{e000}"), "no outline of its own");
    }

    #[test]
    fn a_text_stands_where_its_anchor_and_baseline_say() {
        let of = |attributes: &str| bounds(&format!(r#"<text x="100" y="40" {attributes}>HH</text>"#));
        // About 24 units wide, and 12 high, in pixels of half a unit; up to 2 pixels lie beside the stems.
        let [left, right, top, bottom] = of("");
        assert!(left.abs_diff(203) <= 1 && right.abs_diff(245) <= 2, "{left} to {right}");
        assert!(top.abs_diff(57) <= 1 && bottom.abs_diff(79) <= 1, "{top} to {bottom}");
        let width = right - left;
        let [left, right, ..] = of(r#"text-anchor="end""#);
        assert!(right.abs_diff(196) <= 1 && (right - left).abs_diff(width) <= 1, "{left} to {right}");
        let [left, right, ..] = of(r#"text-anchor="middle""#);
        assert!((left + right).abs_diff(399) <= 1, "{left} to {right}");
        let [_, _, top, _] = of(r#"dy="0.76em""#);
        assert!(top.abs_diff(57 + 24) <= 1, "{top}");
        let [left, right, top, bottom] = of(r#"transform="rotate(270, 100, 40)""#);
        assert!((bottom - top).abs_diff(width) <= 1 && right - left < 24 && bottom < 80, "{top} to {bottom}");
    }

    #[test]
    fn bold_text_is_darker_and_a_clear_one_lighter() {
        let of = |attributes: &str| dark(&format!(r#"<text x="10" y="25" {attributes}>rate</text>"#)).len();
        assert!(of(r#"font-weight="bold""#) > of("") * 5 / 4);
        assert_eq!(of(r#"opacity="0.3""#), 0);
    }

    #[test]
    fn a_length_that_is_not_understood_is_named() {
        let error = png(r#"<svg xmlns="http://www.w3.org/2000/svg"><text y="2cm">rate</text></svg>"#).unwrap_err();
        assert_eq!(error.to_string(), "text \"rate\": y = \"2cm\", allowed: a number, alone or in px, em or ex");
    }
}

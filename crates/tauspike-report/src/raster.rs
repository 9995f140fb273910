//! SVG to PNG, with a font of our own so that its text looks the same on every machine.

use resvg::{tiny_skia, usvg};
use std::error::Error;
use std::sync::Arc;

/// Pixels of the PNG per unit of the SVG.
const SCALE: f32 = 2.0;

/// The picture as PNG, two pixels per unit.
///
/// # Errors
/// If the text is not SVG, or the picture is too large.
pub fn png(svg: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("the picture is too large")?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("the picture is too large")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dark_pixels(body: &str) -> usize {
        let svg = format!(
            r#"<svg width="200" height="40" xmlns="http://www.w3.org/2000/svg">
            <rect width="200" height="40" fill="white"/>{body}</svg>"#
        );
        let pixels = tiny_skia::Pixmap::decode_png(&png(&svg).unwrap()).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (400, 80));
        pixels.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    /// Without a font resvg draws no text and says nothing.
    #[test]
    fn text_is_seen_in_the_png() {
        let text = r#"<text x="10" y="25" font-family="sans-serif" font-size="16">rate (Hz)</text>"#;
        assert_eq!(dark_pixels(""), 0);
        assert!(dark_pixels(text) > 200, "{}", dark_pixels(text));
    }
}

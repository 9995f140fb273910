//! Writes a picture as SVG or, with a font of our own so that its text looks the same on every machine, as PNG.

use crate::failure::Failure;
use resvg::{tiny_skia, usvg};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Pixels of the PNG per unit of the SVG.
const SCALE: f32 = 2.0;

/// The formats, by the ending of the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Svg,
    Png,
}

impl Format {
    /// # Errors
    /// If the name ends in neither `.svg` nor `.png`.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "svg" => Ok(Format::Svg),
            "png" => Ok(Format::Png),
            _ => Err(Failure::input(format!("--out {}: allowed: a name that ends in .svg or .png", path.display()))),
        }
    }
}

/// Asked before anything is drawn.
///
/// # Errors
/// If the ending is not known, or there is such a file and `force` is not given.
pub fn check(path: &Path, force: bool) -> Result<(), Failure> {
    Format::of(path)?;
    if path.exists() && !force {
        let message = format!("output {} exists; use --force to replace it, or choose another place", path.display());
        return Err(Failure::output(message));
    }
    Ok(())
}

/// Writes the picture, over a file that may be there.
///
/// # Errors
/// If the ending is not known, or the file cannot be written.
pub fn write(svg: &str, path: &Path) -> Result<(), Failure> {
    let failed = |error: Box<dyn Error>| Failure::output(format!("cannot write {}: {error}", path.display()));
    let bytes = match Format::of(path)? {
        Format::Svg => svg.as_bytes().to_vec(),
        Format::Png => png(svg).map_err(failed)?,
    };
    fs::write(path, bytes).map_err(|error| failed(error.into()))
}

fn png(svg: &str) -> Result<Vec<u8>, Box<dyn Error>> {
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

    #[test]
    fn only_known_endings_are_taken() {
        assert_eq!(Format::of(Path::new("a.b/c.PNG")).ok(), Some(Format::Png));
        assert!(Format::of(Path::new("c.pdf")).unwrap_err().to_string().contains(".svg or .png"));
        assert!(Format::of(Path::new("svg")).is_err());
    }
}

//! Writes a picture as SVG or PNG.

use crate::failure::Failure;
use std::error::Error;
use std::fs;
use std::path::Path;
use tauspike_report::raster;

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
        Format::Png => raster::png(svg).map_err(failed)?,
    };
    fs::write(path, bytes).map_err(|error| failed(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_endings_are_taken() {
        assert_eq!(Format::of(Path::new("a.b/c.PNG")).ok(), Some(Format::Png));
        assert!(Format::of(Path::new("c.pdf")).unwrap_err().to_string().contains(".svg or .png"));
        assert!(Format::of(Path::new("svg")).is_err());
    }
}

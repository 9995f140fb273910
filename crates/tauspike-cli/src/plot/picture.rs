//! Writes a picture as SVG or PNG.

use crate::failure::Failure;
use std::error::Error;
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
/// If the ending is not known, there is such a file and `force` is not given, or it cannot be written.
pub fn check(path: &Path, force: bool) -> Result<(), Failure> {
    Format::of(path)?;
    Ok(tauspike_record::check_file(path, force)?)
}

/// Writes the picture; with `force`, over a file that may be there.
///
/// # Errors
/// Those of [`check`].
pub fn write(svg: &str, path: &Path, force: bool) -> Result<(), Failure> {
    let failed = |error: Box<dyn Error>| Failure::output(format!("cannot write {}: {error}", path.display()));
    let bytes = match Format::of(path)? {
        Format::Svg => svg.as_bytes().to_vec(),
        Format::Png => raster::png(svg).map_err(failed)?,
    };
    Ok(tauspike_record::write_file(path, &bytes, force)?)
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

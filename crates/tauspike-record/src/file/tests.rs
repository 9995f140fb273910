use super::*;
use std::fs;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_of_somebody_else_with_a_likely_temporary_name_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state");
    for name in ["state.tmp", ".state.tmp", ".tauspike-.tmp"] {
        fs::write(dir.path().join(name), name).unwrap();
    }
    check_file(&path, false).unwrap();
    assert!(!path.exists(), "asking makes nothing");
    write_file(&path, b"one", false).unwrap();
    write_file(&path, b"two", true).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(names(dir.path()), [".state.tmp", ".tauspike-.tmp", "state", "state.tmp"]);
    assert_eq!(fs::read_to_string(dir.path().join("state.tmp")).unwrap(), "state.tmp");
}

#[test]
fn what_is_there_is_replaced_only_if_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, "old").unwrap();
    assert!(matches!(check_file(&path, false), Err(RecordError::Exists { .. })));
    assert!(matches!(write_file(&path, b"new", false), Err(RecordError::Exists { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn folders_devices_and_links_are_told_apart() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tempfile::tempdir().unwrap();
    let refusal = |path: &Path| write_file(path, b"", true).unwrap_err().to_string();
    assert!(refusal(dir.path()).contains("a folder; expected the name of a file"));
    assert!(refusal(Path::new("/dev/null")).contains("neither a file nor a folder"));
    assert!(Path::new("/dev/null").metadata().unwrap().permissions().mode() & 0o170000 == 0o020000, "still a device");
    assert!(refusal(&dir.path().join("none/f")).contains("No such file"));
    assert!(refusal(Path::new("")).contains("no name"));

    let (real, link, broken) = (dir.path().join("real"), dir.path().join("link"), dir.path().join("broken"));
    fs::write(&real, "old").unwrap();
    symlink("real", &link).unwrap();
    symlink("nowhere", &broken).unwrap();
    write_file(&link, b"new", true).unwrap();
    assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(refusal(&broken).contains("leads nowhere"));
}

/// A temporary file is private by default; a result is for the group too, if the user's umask says so.
#[cfg(unix)]
#[test]
fn a_file_has_the_permissions_of_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (ours, theirs) = (dir.path().join("ours"), dir.path().join("theirs"));
    write_file(&ours, b"", false).unwrap();
    fs::write(&theirs, "").unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
    assert_eq!(mode(&ours), mode(&theirs));
}

//! No module imports one that imports it back, directly or in a longer circle; and none is too long to be read.

use crate::documents::root;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The crates that promise it.
const CRATES: [&str; 3] = ["tauspike-network", "tauspike-engine", "tauspike-import"];

/// `describe::spec` is the module of `describe/spec.rs`; the root is the empty path.
type Module = Vec<String>;

/// The sources of a crate by module, without comments and tests.
fn sources(folder: &Path, module: &Module, found: &mut BTreeMap<Module, String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let path = entry.path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let inner: Module = module.iter().cloned().chain((name != "lib").then(|| name.clone())).collect();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            sources(&path, &inner, found);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            let lines = code.lines().map(|line| line.split("//").next().unwrap());
            found.insert(inner, lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// The paths that a tree of `use` holds: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let Some((stem, rest)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap().trim().to_owned()];
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let mut depth = 0;
    let separated = inner.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let parts = separated.filter(|part| !part.trim().is_empty()).flat_map(paths);
    parts.map(|path| format!("{}{path}", stem.trim())).collect()
}

/// What follows `keyword` up to the semicolon, each time.
fn statements<'t>(code: &'t str, keyword: &'t str) -> impl Iterator<Item = &'t str> {
    let starts = code.match_indices(keyword).filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric()));
    starts.filter_map(move |(at, _)| code[at + keyword.len()..].split(';').next())
}

struct Crate {
    sources: BTreeMap<Module, String>,
}

impl Crate {
    /// The absolute path of what `module` calls `path`; none if it is of another crate.
    fn absolute(&self, module: &Module, path: &str) -> Option<Module> {
        let mut parts = path.split("::").map(|part| part.trim().to_owned()).peekable();
        let mut base = match parts.peek()?.as_str() {
            "crate" => Module::new(),
            "self" | "super" => module.clone(),
            child => {
                let below: Module = module.iter().cloned().chain([child.to_owned()]).collect();
                self.sources.contains_key(&below).then(|| module.clone())?
            }
        };
        while parts.next_if(|part| part == "super").is_some() {
            base.pop();
        }
        while parts.next_if(|part| part == "crate" || part == "self").is_some() {}
        base.extend(parts);
        Some(base)
    }

    /// The module in which what `path` leads to is written, behind all that is handed on by `pub use`.
    fn home(&self, path: &[String]) -> Module {
        let mut module = Module::new();
        for (k, part) in path.iter().enumerate() {
            let below: Module = module.iter().cloned().chain([part.clone()]).collect();
            if self.sources.contains_key(&below) {
                module = below;
                continue;
            }
            let handed = statements(&self.sources[&module], "pub use ").flat_map(paths);
            let mut named = handed.filter(|handed| handed.rsplit("::").next() == Some(part));
            return match named.find_map(|handed| self.absolute(&module, &handed)) {
                Some(there) if there != path => self.home(&[&there[..], &path[k + 1..]].concat()),
                _ => module,
            };
        }
        module
    }

    /// The modules that `module` declares or imports.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let code = &self.sources[module];
        let inline = ["crate::", "super::"].into_iter().flat_map(|start| {
            code.match_indices(start).map(|(at, _)| {
                code[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap().to_owned()
            })
        });
        let declared = statements(code, "mod ").map(|child| format!("self::{child}"));
        let used = statements(code, "use ").flat_map(paths);
        // `crate::{` is the beginning of a tree, which is among the used ones
        let inline = inline.filter(|path| !path.ends_with(':'));
        let all = inline.chain(declared).chain(used).filter_map(|path| self.absolute(module, &path));
        all.map(|path| self.home(&path)).filter(|home| home != module).collect()
    }

    /// A way from a module back to itself, if there is one.
    fn circle(&self) -> Option<Vec<String>> {
        let edges: BTreeMap<&Module, BTreeSet<Module>> = self.sources.keys().map(|m| (m, self.imports(m))).collect();
        let mut left: BTreeSet<&Module> = self.sources.keys().collect();
        // what imports nothing that is left is in no circle
        while let Some(free) = left.iter().find(|m| edges[**m].iter().all(|to| !left.contains(to))).copied() {
            left.remove(free);
        }
        (!left.is_empty()).then(|| left.into_iter().map(|m| format!("crate::{}", m.join("::"))).collect())
    }
}

/// The sources below a folder that are longer than allowed, with the number of their lines.
fn too_long(folder: &Path, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(too_long(&path, most));
        } else if name.ends_with(".rs") || name.ends_with(".py") {
            // what `wc -l` counts: comments and tests too
            let lines = std::fs::read_to_string(&path).unwrap().matches('\n').count();
            found.extend((lines > most).then(|| format!("{}: {lines} lines", path.display())));
        }
    }
    found
}

#[test]
fn no_source_has_more_than_400_lines() {
    assert_eq!(too_long(&root(), 400), [""; 0]);
    assert!(!too_long(&root().join("crates"), 300).is_empty(), "sources not found");
}

#[test]
fn no_module_imports_one_that_imports_it_back() {
    for name in CRATES {
        let mut found = BTreeMap::new();
        sources(&root().join("crates").join(name).join("src"), &Module::new(), &mut found);
        assert!(found.len() > 5, "{name}: sources not found");
        assert_eq!(Crate { sources: found }.circle(), None, "{name}: in a circle, or leading to one");
    }
}

#[test]
fn a_circle_is_found_behind_braces_and_names_handed_on() {
    let circle = |sources: &[(&str, &str)]| {
        let module = |name: &str| name.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Crate { sources: sources.iter().map(|(name, text)| (module(name), text.to_string())).collect() }.circle()
    };
    let root = ("", "mod a;\nmod b;\nmod c;\npub use a::Name;\npub use b::{inner, Other};");
    assert_eq!(circle(&[root, ("a", "struct Name;"), ("b", "use crate::{Name};"), ("c", "use crate::b;")]), None);
    let back = [root, ("a", "use crate::{c::{X, Y}};"), ("b", "use crate::Name;"), ("c", "use crate::Other;")];
    assert_eq!(circle(&back).unwrap(), ["crate::", "crate::a", "crate::b", "crate::c"]);
    let inline = [("", "mod a;"), ("a", "mod below;"), ("a/below", "fn f() { super::g() }")];
    assert!(circle(&inline).unwrap().contains(&"crate::a::below".to_owned()));
}

//! Files that a scenario names, and models of energy.

use super::*;

#[test]
fn a_wrong_data_file_is_refused_with_the_field_that_names_it() {
    let folder = Folder::new(GOOD);
    let data = |name: &str, text: &str| fs::write(folder.0.path().join(name), text).unwrap();
    let refused = |set: &str, parts: [&str; 4]| {
        let message = folder.refusal(&[set]);
        assert!(message.starts_with(&format!("{}: --set {set}", folder.path().display())), "{message}");
        parts.into_iter().for_each(|part| assert!(message.contains(part), "{part}: {message}"));
    };
    data("taus.csv", "tau_m_ms,v_thh_mv\n1,2\n1,2\n1,2\n1,2\n");
    refused(
        "population.X.parameters=taus.csv",
        ["population \"X\": parameters", "taus.csv", "v_thh_mv", "did you mean `v_th_mv`"],
    );
    data("taus.csv", "tau_m_ms\n1\n2\n-3\n4\n");
    refused(
        "population.X.parameters=taus.csv",
        ["population \"X\": tau_m (of parameters = \"taus.csv\")", "= -3 (of member 2)", "allowed: ", "> 0"],
    );
    data("taus.csv", "tau_m_ms\n1\n");
    refused("population.X.parameters=taus.csv", ["population \"X\": parameters", "taus.csv", "1 rows", "allowed: 4"]);
    refused(
        "population.X.tau_m_ms={file=\"no.csv\"}",
        [
            "population \"X\": tau_m_ms.file = \"no.csv\"",
            "there is no file",
            folder.0.path().to_str().unwrap(),
            "no.csv",
        ],
    );
    data("no.xls", "a table of another program");
    refused(
        "population.X.tau_m_ms={file=\"no.xls\"}",
        ["population \"X\": tau_m_ms.file", "no.xls", "`xls`", "allowed: "],
    );
    data("synapses.csv", "pre,post,weight_mv,delay_ms\n0,3,1,1\n");
    let explicit = |folder: &Folder| {
        let text = GOOD.replace(
            "rule = \"all_to_all\"\nweight_pa = 10.0\ndelay_ms = 0.5",
            "rule = \"explicit\"\nfile = \"synapses.csv\"",
        );
        fs::write(folder.path(), text).unwrap();
        folder.refusal(&[])
    };
    let message = explicit(&folder);
    assert!(message.contains("line 34: projection 1: file: ") && message.contains("weight_pa"), "{message}");
    data("synapses.csv", "pre,post,weight_pa,delay_ms\n0,4,1,1\n");
    let message = explicit(&folder);
    assert!(message.contains("line 2: `post` = 4; allowed: an integer >= 0 and < 4"), "{message}");
}

#[test]
fn an_energy_model_that_is_wrong_is_refused() {
    let folder = Folder::new(GOOD);
    let refusal = |text: &str| {
        fs::write(folder.0.path().join("energy.toml"), text).unwrap();
        folder.refusal(&["energy.models=energy.toml"])
    };
    let model = "[[model]]\nname = \"mine\"\nsource = \"me\"\nscale = \"chip\"\n";
    let message = refusal(&format!("{model}per_spik = 1.0\n"));
    assert!(message.contains("energy.toml: line 5: `per_spik = 1.0`") && message.contains("per_spike"), "{message}");
    let message = refusal(&format!("{model}per_spike = -1.0\n"));
    assert!(message.contains("per_spike = -1, allowed: finite and >= 0"), "{message}");
    let message = refusal(&format!("{model}per_spike = 1.0\n{model}per_spike = 1.0\n"));
    check(&message, ["energy.models", "\"energy.toml\"", "\"mine\" is taken"]);
}

#[test]
fn all_missing_files_are_told_at_once_with_how_to_make_them() {
    let text = GOOD
        .replace("duration_ms", "prepare = \"run make_data.py\"\nduration_ms")
        .replace("tau_m_ms = 20.0", "tau_m_ms = { distribution = \"empirical\", file = \"taus.csv\" }")
        .replace(
            "rule = \"all_to_all\"\nweight_pa = 10.0\ndelay_ms = 0.5",
            "rule = \"explicit\"\nfile = \"data/synapses.csv\"",
        )
        + "\n[energy]\nmodels = \"energy.toml\"\n";
    let folder = Folder::new(&text);
    let message = folder.refusal(&[]);
    assert!(message.starts_with(&format!("{}: 3 files are missing:\n", folder.path().display())), "{message}");
    for (field, file) in [
        ("population \"E\": tau_m_ms.file = \"taus.csv\"", "taus.csv"),
        ("projection 1: file = \"data/synapses.csv\"", "data/synapses.csv"),
        ("energy.models = \"energy.toml\"", "energy.toml"),
    ] {
        let line = message.lines().find(|line| line.contains(field)).unwrap_or_else(|| panic!("{field}: {message}"));
        assert!(line.starts_with("  line "), "{line}");
        assert!(line.ends_with(&format!("there is no file {}", folder.0.path().join(file).display())), "{line}");
    }
    assert!(message.ends_with("\nto make what is missing: run make_data.py"), "{message}");
}

//! Writes the JavaScript glue of the wasm border: `bindgen INPUT.wasm OUT_DIR`.
//!
//! It does what the `wasm-bindgen` command does, from the library behind it, so that one lock file pins both
//! the attribute macro and the generator, and nobody installs a command first.

use std::{env, path::PathBuf, process::ExitCode};

use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

fn main() -> ExitCode {
    let args: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [input, out] = args.as_slice() else {
        eprintln!("usage: bindgen INPUT.wasm OUT_DIR");
        return ExitCode::from(2);
    };
    let written = Bindgen::new()
        .input_path(input)
        .out_name("core")
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(true)
                // Loading is the hand-written entries' work; a default path would make bundlers chase a file.
                .omit_default_module_path(true)
                .remove_name_section(true)
                .remove_producers_section(true)
                .encode_into(EncodeInto::Always)
                .ts_typed_array_buffers(true)
                // `__wbg_reset_state()`: a new instance of the compiled module after a trap.
                .reset_state_function(true)
                .generate_output()
        })
        .and_then(|mut output| output.emit(out));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

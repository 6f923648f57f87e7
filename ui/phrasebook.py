"""The sentences of app and modules that reach the screen: whole ones, and patterns with places for what changes.

Alarms, and names of quantities, setpoints and modes are not here: packaging/translations.py reads them from their own
tables.  tests/ui/test_languages.py checks that every sentence here is still made somewhere.
"""

from __future__ import annotations

from ui.languages import QT_TRANSLATE_NOOP

# What is made of parts comes apart at its places; numbers, names of files and devices stay as they are.
PATTERNS: tuple[str, ...] = (
    # joins
    QT_TRANSLATE_NOOP("phrases", " · "),
    QT_TRANSLATE_NOOP("phrases", "; "),
    QT_TRANSLATE_NOOP("phrases", ", "),
    # what the gas side is doing
    QT_TRANSLATE_NOOP("phrases", "No reading"),
    QT_TRANSLATE_NOOP("phrases", "Stopped"),
    QT_TRANSLATE_NOOP("phrases", "Supplying"),
    QT_TRANSLATE_NOOP("phrases", "At set pressure"),
    QT_TRANSLATE_NOOP("phrases", "Relief open"),
    QT_TRANSLATE_NOOP("phrases", "Valves held closed"),
    QT_TRANSLATE_NOOP("phrases", "Paused"),
    QT_TRANSLATE_NOOP("phrases", "Venting"),
    # light and camera
    QT_TRANSLATE_NOOP("phrases", "On"),
    QT_TRANSLATE_NOOP("phrases", "Standby"),
    QT_TRANSLATE_NOOP("phrases", "Off: too hot"),
    QT_TRANSLATE_NOOP("phrases", "Dimmed: too hot"),
    QT_TRANSLATE_NOOP("phrases", "No video from the camera head"),
    QT_TRANSLATE_NOOP("phrases", "{width} x {height}, {rate} frames/s, {ms} ms"),
    QT_TRANSLATE_NOOP("phrases", "{n} frames not recorded"),
    # setpoints
    QT_TRANSLATE_NOOP("phrases", "{label} must be {low} to {high} {unit}, got {value}"),
    QT_TRANSLATE_NOOP("phrases", "{reason} (mode {mode})"),
    QT_TRANSLATE_NOOP("phrases", "the module applied {applied} instead"),
    QT_TRANSLATE_NOOP("phrases", "the module does not answer"),
    QT_TRANSLATE_NOOP("phrases", "no answer within {s} s; apply it again"),
    QT_TRANSLATE_NOOP("phrases", "acknowledged, but no status has confirmed it; apply it again"),
    QT_TRANSLATE_NOOP("phrases", "acknowledged, but the module still reports {reported}; apply it again"),
    QT_TRANSLATE_NOOP("phrases", "changed by the module itself from {before} to {after}"),
    QT_TRANSLATE_NOOP(
        "phrases", "{label} is unknown ({allowed} allowed here); wait until the module reports it, or set it"
    ),
    QT_TRANSLATE_NOOP("phrases", "{label} is {active} in the module, {allowed} allowed here; set it first"),
    QT_TRANSLATE_NOOP("phrases", "{label} not changed: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "expected a number from {allowed}, got {got}"),
    QT_TRANSLATE_NOOP("phrases", "{low} to {high} {unit}"),
    QT_TRANSLATE_NOOP("phrases", "{mode} is not used at this site; choose another mode"),
    QT_TRANSLATE_NOOP("phrases", "overtaken by the all-stop"),
    # what modules answer
    QT_TRANSLATE_NOOP("phrases", "the module does not know this command; its software may be older"),
    QT_TRANSLATE_NOOP("phrases", "the module could not read the command; its software may be older"),
    QT_TRANSLATE_NOOP("phrases", "outside the module's own range"),
    QT_TRANSLATE_NOOP("phrases", "the module's interlock forbids it now; clear its alarm first"),
    QT_TRANSLATE_NOOP("phrases", "the module has a fault; see its alarm"),
    QT_TRANSLATE_NOOP(
        "phrases", "the module does not speak this program's protocol version {version}; update the older one"
    ),
    QT_TRANSLATE_NOOP("phrases", "{subject}: refused, {why}"),
    QT_TRANSLATE_NOOP("phrases", "{subject}: lost, {why}"),
    QT_TRANSLATE_NOOP("phrases", "Gas supply"),
    QT_TRANSLATE_NOOP("phrases", "gas supply"),
    QT_TRANSLATE_NOOP("phrases", "Mode {mode}"),
    QT_TRANSLATE_NOOP("phrases", "mode"),
    QT_TRANSLATE_NOOP("phrases", "light"),
    QT_TRANSLATE_NOOP("phrases", "Camera's exposure control"),
    QT_TRANSLATE_NOOP("phrases", "camera's exposure control"),
    QT_TRANSLATE_NOOP("phrases", "automatic"),
    QT_TRANSLATE_NOOP("phrases", "as set"),
    QT_TRANSLATE_NOOP("phrases", "The {what} was not confirmed on; check the module and try again"),
    QT_TRANSLATE_NOOP("phrases", "The {what} was not confirmed off; check the module and try again"),
    QT_TRANSLATE_NOOP("phrases", "The {what} was not confirmed as {wanted}; check the module and try again"),
    QT_TRANSLATE_NOOP("phrases", "The module itself has switched the {what} off"),
    QT_TRANSLATE_NOOP("phrases", "The module itself has changed the {what} to {value}"),
    # gas
    QT_TRANSLATE_NOOP("phrases", "Gas not started: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Gas not paused: it is not running"),
    QT_TRANSLATE_NOOP("phrases", "Not vented: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Mode not changed: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Gas used not reset: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Gas used: counting from zero"),
    QT_TRANSLATE_NOOP("phrases", "the mode is being changed; wait until the module has entered it"),
    QT_TRANSLATE_NOOP("phrases", "the insufflator does not answer"),
    QT_TRANSLATE_NOOP("phrases", "Venting has ended: the abdomen is empty"),
    QT_TRANSLATE_NOOP("phrases", "Venting has ended: the insufflator no longer answers"),
    QT_TRANSLATE_NOOP("phrases", "Has restarted: gas off, mode and set values as at power-on"),
    QT_TRANSLATE_NOOP("phrases", "Insufflator kept from before: {values}; {litres} l used in {minutes} min"),
    QT_TRANSLATE_NOOP("phrases", "Gas was running: taken over ({values})"),
    QT_TRANSLATE_NOOP("phrases", "{problem}; stop the gas first"),
    QT_TRANSLATE_NOOP("phrases", "Faulty: {sensors}"),
    QT_TRANSLATE_NOOP(
        "phrases",
        "{mode} allows no {setpoint} within {low} to {high} {unit}, which is all that this site's limits allow",
    ),
    QT_TRANSLATE_NOOP("phrases", "{mode} begins with {setpoint} {value} {unit}, {low} to {high} allowed here"),
    QT_TRANSLATE_NOOP("phrases", "set pressure"),
    QT_TRANSLATE_NOOP("phrases", "set flow"),
    # light and camera orders
    QT_TRANSLATE_NOOP("phrases", "Light not switched on: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Light kept from before: {values}"),
    QT_TRANSLATE_NOOP("phrases", "Light was on: taken over ({values})"),
    QT_TRANSLATE_NOOP("phrases", "Has restarted: standby, intensity as at power-on"),
    QT_TRANSLATE_NOOP("phrases", "Camera kept from before: {values}"),
    QT_TRANSLATE_NOOP("phrases", "Camera's exposure control not changed: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "White balance not measured: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "White balance measured: {kelvin} K"),
    # modules and bus
    QT_TRANSLATE_NOOP("phrases", "the control cycle stands still"),
    QT_TRANSLATE_NOOP("phrases", "Gives no status: {why}"),
    QT_TRANSLATE_NOOP("phrases", "Does not say who it is: {why}"),
    QT_TRANSLATE_NOOP("phrases", "the module at address {address} is a {kind}: connect the right one"),
    QT_TRANSLATE_NOOP(
        "phrases", "the {kind} speaks protocol version {theirs}, this program version {ours}: update the older one"
    ),
    QT_TRANSLATE_NOOP("phrases", "insufflator"),
    QT_TRANSLATE_NOOP("phrases", "camera"),
    QT_TRANSLATE_NOOP("phrases", "{why} (sent {n} times)"),
    QT_TRANSLATE_NOOP(
        "phrases", "nothing answers on the line: check the modules' power, the cable, and that this is the right port"
    ),
    QT_TRANSLATE_NOOP(
        "phrases",
        "only our own echo comes back: the adapter works, no module answers; check the modules' power and the cable",
    ),
    QT_TRANSLATE_NOOP(
        "phrases",
        "bytes arrive but no valid frame: check the baud rate (115200, 8N1) and the wiring (A and B swapped?)",
    ),
    QT_TRANSLATE_NOOP(
        "phrases", "a module answers under another's address: check that no two modules have the same address"
    ),
    QT_TRANSLATE_NOOP(
        "phrases", "many frames arrive damaged: check the line's termination and shield, and what runs beside it"
    ),
    QT_TRANSLATE_NOOP("phrases", "Not done: the bus is not running"),
    QT_TRANSLATE_NOOP("phrases", "All stop sent: gas off, light to standby"),
    QT_TRANSLATE_NOOP("phrases", "Not done: the tower is being made safe; try again when that has ended"),
    # leaving
    QT_TRANSLATE_NOOP("phrases", "Making the patient safe: gas off, light to standby"),
    QT_TRANSLATE_NOOP("phrases", "Gas off, light in standby: confirmed"),
    QT_TRANSLATE_NOOP("phrases", "Not confirmed: {missing}"),
    QT_TRANSLATE_NOOP("phrases", "the bus is not running"),
    QT_TRANSLATE_NOOP("phrases", "the control cycle does not answer"),
    QT_TRANSLATE_NOOP("phrases", "the insufflator has not closed its valves"),
    QT_TRANSLATE_NOOP("phrases", "the light source does not answer"),
    QT_TRANSLATE_NOOP("phrases", "the light is not in standby"),
    QT_TRANSLATE_NOOP(
        "phrases",
        "{state}. Each module makes itself safe 0.5 s after the program is gone. "
        "Close the gas cylinder and look at the patient before leaving.",
    ),
    # sound, pictures, files
    QT_TRANSLATE_NOOP("phrases", "No alarm sounds: there is nothing to pause"),
    QT_TRANSLATE_NOOP("phrases", "Alarm sound paused for {s} s; a new alarm is heard"),
    QT_TRANSLATE_NOOP("phrases", "Alarm sound on again"),
    QT_TRANSLATE_NOOP("phrases", "Unknown condition: {name}"),
    QT_TRANSLATE_NOOP("phrases", "Treat it as serious; report it"),
    QT_TRANSLATE_NOOP("phrases", "No picture"),
    QT_TRANSLATE_NOOP("phrases", "No picture to save yet"),
    QT_TRANSLATE_NOOP("phrases", "Recording"),
    QT_TRANSLATE_NOOP("phrases", "Recording saved: {summary}"),
    QT_TRANSLATE_NOOP("phrases", "Snapshot not saved: {why}"),
    QT_TRANSLATE_NOOP("phrases", "{name} in {folder}"),
    QT_TRANSLATE_NOOP("phrases", "no space left for {path}: delete or move old recordings, then try again"),
    QT_TRANSLATE_NOOP(
        "phrases", "no right to write {path}: give this user the right, or set another [recording] directory"
    ),
    QT_TRANSLATE_NOOP("phrases", "Alarm log: {n} lines of {name} were damaged; the file was kept as {aside}"),
    QT_TRANSLATE_NOOP("phrases", "The film has ended"),
    QT_TRANSLATE_NOOP("phrases", "camera {path} is not there (cameras present: {present}); plug it in or name another"),
    QT_TRANSLATE_NOOP("phrases", "camera {path} may not be used by this user; add the user to the group 'video'"),
    QT_TRANSLATE_NOOP("phrases", "{camera} gave no picture for {s} s; check its signal"),
    QT_TRANSLATE_NOOP("phrases", "The video source failed ({why}); it is opened again"),
    QT_TRANSLATE_NOOP("phrases", "Enhanced view: {fault}"),
    QT_TRANSLATE_NOOP("phrases", "the enhanced view does not answer"),
    QT_TRANSLATE_NOOP("phrases", "the enhanced view is starting"),
    QT_TRANSLATE_NOOP("phrases", "deblurring is off"),
    QT_TRANSLATE_NOOP("phrases", "the deblurred picture strayed from the grabbed one"),
    QT_TRANSLATE_NOOP("phrases", "the deblurred picture stands still while the grabbed one goes on"),
    QT_TRANSLATE_NOOP("phrases", "deblurring would be late: this frame was held up"),
    QT_TRANSLATE_NOOP(
        "phrases", "deblurring would be late: even at half size it takes {takes} ms, {allowed} ms are allowed"
    ),
    QT_TRANSLATE_NOOP("phrases", "the deblurred picture was not finite; check the weights with `evaluate`"),
    QT_TRANSLATE_NOOP("phrases", "the picture's colour is corrupt"),
    QT_TRANSLATE_NOOP("phrases", "the picture is interlaced"),
    QT_TRANSLATE_NOOP("phrases", "the picture is striped: corrupt"),
    QT_TRANSLATE_NOOP("phrases", "enhanced view off"),
    QT_TRANSLATE_NOOP("phrases", "no usable weights"),
    QT_TRANSLATE_NOOP("phrases", "enhancement failed"),
    QT_TRANSLATE_NOOP("phrases", "Phantom"),
    QT_TRANSLATE_NOOP("phrases", "{text} ({more})"),
    QT_TRANSLATE_NOOP("phrases", "abdominal wall"),
    QT_TRANSLATE_NOOP("phrases", "appendix cecum"),
    QT_TRANSLATE_NOOP("phrases", "bowel"),
    QT_TRANSLATE_NOOP("phrases", "gallbladder"),
    QT_TRANSLATE_NOOP("phrases", "larynx"),
    QT_TRANSLATE_NOOP("phrases", "liver"),
    QT_TRANSLATE_NOOP("phrases", "omentum"),
    QT_TRANSLATE_NOOP("phrases", "out of body"),
    QT_TRANSLATE_NOOP("phrases", "pelvis uterus"),
    QT_TRANSLATE_NOOP("phrases", "trocar"),
    QT_TRANSLATE_NOOP("phrases", "Gas does not start: the self-test failed ({checks}). Put it right and test again."),
    QT_TRANSLATE_NOOP("phrases", "Gas does not start yet: the self-test of the gas side is not finished."),
    QT_TRANSLATE_NOOP("phrases", "Preset: {failed} of {all} changes not made; the others are active"),
    QT_TRANSLATE_NOOP("phrases", "Preset: all changes are active"),
    QT_TRANSLATE_NOOP("phrases", "not sent, because the mode was not entered"),
    QT_TRANSLATE_NOOP("phrases", "not sent, because the mode has changed again"),
    QT_TRANSLATE_NOOP("phrases", "waits for the mode"),
    QT_TRANSLATE_NOOP("phrases", "another value has been set meanwhile"),
    QT_TRANSLATE_NOOP("phrases", "another mode has been chosen meanwhile"),
    QT_TRANSLATE_NOOP("phrases", "exposure or gain has been set by hand meanwhile"),
    QT_TRANSLATE_NOOP("phrases", "the camera head does not answer"),
    QT_TRANSLATE_NOOP("phrases", "{file} is left out: {problem}"),
    QT_TRANSLATE_NOOP("phrases", "Only the administration changes codes."),
    QT_TRANSLATE_NOOP("phrases", "This needs the service code."),
    QT_TRANSLATE_NOOP("phrases", "The code of {role} is changed."),
    QT_TRANSLATE_NOOP("phrases", "No code is set. On this machine: main.py access set-code {role}"),
    QT_TRANSLATE_NOOP("phrases", "Too many wrong codes. Wait {time}."),
    QT_TRANSLATE_NOOP("phrases", "Wrong code. Wait {time} before the next try."),
    QT_TRANSLATE_NOOP("phrases", "Wrong code. {n} try left."),
    QT_TRANSLATE_NOOP("phrases", "Wrong code. {n} tries left."),
    QT_TRANSLATE_NOOP("phrases", "A code has {shortest} to {longest} digits and nothing else."),
    QT_TRANSLATE_NOOP("phrases", "This code is guessed first. Take one without a row or a single digit."),
    QT_TRANSLATE_NOOP("phrases", "service"),
    QT_TRANSLATE_NOOP("phrases", "administration"),
    QT_TRANSLATE_NOOP("phrases", "Written: {path}"),
    QT_TRANSLATE_NOOP("phrases", "Saved {snapshot}"),
    QT_TRANSLATE_NOOP("phrases", "Shown as chosen, but not kept for the next start: cannot write {path}: {why}"),
    QT_TRANSLATE_NOOP(
        "phrases", "The last choice of language and display cannot be read from {path}: shown as configured"
    ),
    QT_TRANSLATE_NOOP(
        "phrases",
        "{seconds} s in {folder} ({raw} raw and {enhanced} enhanced frames written, "
        "{lost_raw} and {lost_enhanced} dropped)",
    ),
    QT_TRANSLATE_NOOP("phrases", "the sharpness judgement was not finite"),
    QT_TRANSLATE_NOOP("phrases", "Demonstration: light switched on and gas started by the program"),
)

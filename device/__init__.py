"""The camera without a face.

The life of a photograph, file by file:

1. `sensor.py` says what any sensor does, and each minds what it lent with `loans`. `sensor_picamera2.py` does it with a
   Pi's camera: a `picamera2_camera` asked for RAW (`picamera2_raw`), its newest of `picamera2_requests` and their
   `picamera2_frames`, a `wish` until it is obeyed, the `sensor_catalogue` with its `sensor_facts`, `tuning`,
   `contiguous_memory`, and a `camera_refusal` when there is none. `sensor_preview_only.py` makes do with a camera that
   gives no RAW (`picamera2_preview`, `yuv`) and thus no photograph: its `frame.LiveFrame` is only looked at.
   `sensor_simulated.py` does it with physics: a `scene` of things (`thing`, `scene_*`), the `optical_bench` with its
   lens (`optics`, `projection`, `layer`, `pyramid`, `disc_blur`, `compositing`), `photon_noise` in `simulated_mosaics`,
   `simulated_previews`, both in `simulated_frames`, a `frame_schedule`, a `delivery`, `planned_faults` with each
   `dust_shadow`. `sensor_replay.py` does it with files (`raw_file`). `unpack.py` turns what a camera's stack delivers
   into uint16, and `isp.py` draws the preview where no hardware does, by `quad_scaling` as large as a viewfinder shows
   it (`showing`). What comes out is a `frame.Frame`.
2. `stream.py` carries each frame on its own thread. `meter.py` reads the mosaic (`histogram`; `exposure_map` and
   `focus` of `detail`, which `fine_detail` (of `green_rows`) and `coarse_detail` measure and `steady_detail` keeps from
   frame to frame, by `cell_sums` of `known_cells`; `focus_score`; `noise`) or, where there is none, the preview's
   `luma`; `exposure.py` decides the next exposure (`auto_exposure` of `metering` by the `median`, `slowest_shutter`,
   `anti_flicker`), `white_balance` what is grey (`auto_white`, `light_source`, `grey_point`), `preview.py` lays picture
   and readings into a `ring` for the viewfinder, with the `window` that the `magnifier` looks through.
3. `buttons.py` (with `debounce`) or `server.py` tell, through `commands.py` (`hand` is its part for buttons,
   `held_buttons` whose fingers are on them, `calibration` what was measured), that the shutter was pressed, with the
   time of the press, or another button, whose `button_route` (taps and `holds`) leads to the `menu` (`menu_pages`,
   `menu_place`, `menu_options`, `menu_standing`, `menu_rows`, `menu_values` written in `languages` and `engraved`
   figures, `menu_actions`), the review or a dial (`dials`, `dial_rules`). What is changed, `kept_settings` keeps
   (`kept_values`, `kept_file`). `camera.py`, the one state `machine`, keeps the sensor in `readiness` and has
   `shutter.py` choose the frame by its timestamp, for `presses` or for the `plan` that a press began by its `aim` as
   the `drive` mode has it: `continuous`, `self_timer`, `interval`, `bracketing`, `rack`, `trap_focus`, any of them with
   a `long_exposure`, or `bulb`, whose photograph is an `exposure_sum` of which `summed` tells; `takes` makes the
   photographs, and `pre_capture` has the frames from before. A `notice` says what went wrong, `timings` how quick it
   was.
4. `darkroom.py` takes the copy, a `photograph.Photograph` with `decisions`, turned `upright` (the `posture` minds a
   `level`, whose `tilt` tells how the camera is held), and a `ticket` for one of the `places`, `unsaved` until it is on
   the card, and in its own time has `files.py` make bytes of it: a DNG (`dng`, `dng_tags`, `opcodes`, `checksum`,
   `exif`, `tiff`, `tiff_writer`; `pack`, or `ljpeg` with `huffman` and `entropy_coding`) and a JPEG (`develop` in
   `tile`s, or at `half_size` of `quads`; `flat_field`, `light`, `demosaic`, `chroma_planes`, `chroma_noise`,
   `chroma_tile`, `colour` with `white_point` and `srgb`, `looks`, `show`; `jpeg`, `enlarge`). `album.py` names them,
   `storage.py` and `folder.py` (of `buffers`, by `file_calls` of the `system`, with its `folder_entries`) put them on
   the card so that a power cut cannot hurt; `card_watch.py` knows how the card stands, `memory.py` how many photographs
   may wait for it, a `negative.py` what of one is safe already, and the `outcome` is told (`outcomes`,
   `darkroom_status`). `prints.py` makes JPEGs that a power cut prevented, of DNGs that `stored_photograph` and
   `stored_mosaic` read. All of this steps into the `background`.
5. Later a photograph is looked at again. `review.py` knows how; its `review_face` has the buttons and tells the
   clients, and the `reviewer` is a thread that lays pictures into the ring (`on_screen`, in place of the live view). On
   the `light_table` lies the `roll`: photographs still in memory, and `stored_pictures` with their `photo_facts`, each
   an `embedded_picture` read by `seeking` (as any picture, only of a `regular_file`). The one that is `looked_at`
   becomes a `partial_raw`, and then a frame for every tool. What is deleted lies in the `trash` until nobody can want
   it back, and ratings lie in `sidecars`, which are `xmp`; what a client asks of it by name, as the page does, are
   `marks`. `review_assembly.py` puts this together. Instead of photographs a `film` can be taken: a `recording` has
   `cinema` make a DNG of each frame of a clip, which `clips` names and `clip_files` makes durable, and `film_rate` says
   beforehand what the card holds.

Around it: `cli.py` and `options.py` are the command line, `daemon.py`, `lone_shots.py` and `stored_raw.py` what it does
(the last with `inspection.py`), `doctor.py` with one `doctor_*` to a subject tells what is wrong with a `rig` (a
`finding` each; `boot_config`, `card_speed`), `assembly.py` builds the parts (`sensor_choice` the sensor,
`menu_assembly` the menu, `dials_assembly` the dials, `darkroom_assembly` the darkroom, `film_assembly` what films),
`supervisor.py` runs all processes, `config.py` (`view_config`, `exposure_config`, `lens_config`, `drive_config`,
`buttons_config`, `rules`, `faults`) checks settings, each folder a `written_path`. `protocol.py` holds every message
and `states.py` (of `shooting_states` and `face_states`, all of them `strict`) what a `snapshot` tells, which
`varlink.py` wraps (`varlink_service` is what any such service is asked), `calling.py` sends and `news.py` passes on,
`status_text` prints, `notify.py` tells systemd, `frame_rate.py` counts, `clock.py` is the time that is passed in,
`body_status.py` battery (or `pisugar`) and heat, `rest.py` sleep, `focus_light.py` shines, `power_off.py` the end,
`lens.py` is a lens, `drawer.py` has them all (of files that `lens_table` and `toml_file` read; `lens_commands` is `mcam
lens`, `lens_choice` which one it is, put together by `lens_assembly`, which `lens_memory` remembers in a `state_file`,
`lens_reader` what the `lens_code` on its flange is, `depth_of_field` how deep it draws, `flat_fit` what it takes from
the light, which `flat_fields` keeps with the `dust` of the `dust_search` and `flat_wizard` asks for; `flat_bake` works
it into a RAW, `flat_picture` into what is shown; `cli_lens` and `cli_print` tell), `hot_pixels` are what the sensor
shows of no light (`hot_pixel_search` finds them in dark frames, which `hot_pixel_wizard` asks for, as `cli_hot_pixels`
says, `hot_pixel_map` keeps them, `mending` has their neighbours speak for them, as `dust_removal` lifts shadows; both
wizards have their photographs by `wizard_shots`), `runtime.py` where processes meet, `errors.py` everything that can go
wrong. Loops over pixels are each a `kernel` with a `kernel_signature` (`narrow` for bytes, `lanes` of a `lanes_type`
for many numbers at once, `byte_lanes` of them for pictures, `inverse_root`, `prefetch` for what is read soon;
`kernel_parts` is what it is made of), found in the `kernel_library` that `kernel_build.py` makes of `kernel_code`, or
compiled when first called.

Imports point downwards only: cli > daemon > assembly > camera > darkroom > develop, dng, jpeg, storage > demosaic,
album > frame, errors. Only the composition (`cli`, `options`, `daemon`, `lone_shots`, `stored_raw`, `doctor`,
`assembly`, `sensor_choice`) knows concrete sensors, buttons, server and config. Nothing here imports `ui`; `ui` imports
only protocol, strict, states and its parts, calling, preview, ring, frame, window, errors, album, sidecars, runtime,
engraved, languages, level, tilt, kernel, narrow, lanes, byte_lanes and prefetch. Only the modules that
`tests/test_imports.py` lists touch a file, socket, thread or clock; it holds all of this.
"""

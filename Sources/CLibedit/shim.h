#ifndef ROUNDS_CLIBEDIT_H
#define ROUNDS_CLIBEDIT_H
// libedit behind fixed-argument inline functions: Swift imports no variadic C function.
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef unsigned char (*rounds_el_command)(EditLine *, int);
typedef char *(*rounds_el_prompt)(EditLine *);

static inline int rounds_el_set_int(EditLine *editor, int option, int value) {
  return el_set(editor, option, value);
}

static inline int rounds_el_set_string(EditLine *editor, int option, const char *value) {
  return el_set(editor, option, value);
}

static inline int rounds_el_bind(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, key, command, NULL);
}

// Binds in the map of vi's command mode.
static inline int rounds_el_bind_alternate(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, "-a", key, command, NULL);
}

// The narrow call copies the names; the wide one would keep the caller's pointers.
static inline int rounds_el_add_command(EditLine *editor, const char *name, const char *help,
                                        rounds_el_command command) {
  return el_set(editor, EL_ADDFN, name, help, command);
}

static inline int rounds_el_set_history(EditLine *editor, History *list) {
  return el_set(editor, EL_HIST, history, list);
}

// Must be the wide call: the narrow one would mangle every character beyond ASCII.
static inline int rounds_el_set_reader(EditLine *editor, el_rfunc_t reader) {
  return el_wset(editor, EL_GETCFN, reader);
}

static inline int rounds_el_set_prompt(EditLine *editor, rounds_el_prompt prompt) {
  return el_set(editor, EL_PROMPT, prompt);
}

static inline int rounds_el_set_error_stream(EditLine *editor, FILE *stream) {
  return el_set(editor, EL_SETFP, 2, stream);
}

// Changes a flag of the terminal's mode while a line is edited.
static inline int rounds_el_set_edit_mode_flag(EditLine *editor, const char *flag) {
  return el_set(editor, EL_SETTY, "-d", flag, NULL);
}

static inline int rounds_el_set_data(EditLine *editor, void *data) {
  return el_set(editor, EL_CLIENTDATA, data);
}

static inline void *rounds_el_data(EditLine *editor) {
  void *data = NULL;
  return el_get(editor, EL_CLIENTDATA, &data) == 0 ? data : NULL;
}

// 1 for vi, 0 for emacs.
static inline int rounds_el_is_vi(EditLine *editor) {
  const char *name = NULL;
  return el_get(editor, EL_EDITOR, &name) == 0 && name != NULL && name[0] == 'v';
}

static inline int rounds_history_set_size(History *list, int size) {
  HistEvent event;
  return history(list, &event, H_SETSIZE, size);
}

static inline int rounds_history_enter(History *list, const char *text) {
  HistEvent event;
  return history(list, &event, H_ENTER, text);
}

static inline int rounds_history_clear(History *list) {
  HistEvent event;
  return history(list, &event, H_CLEAR);
}

// C's global variables, which Swift may not touch directly.
static inline FILE *rounds_stdin(void) { return stdin; }
static inline FILE *rounds_stdout(void) { return stdout; }
static inline FILE *rounds_stderr(void) { return stderr; }
extern char **environ;
static inline char **rounds_environment(void) { return environ; }
#endif

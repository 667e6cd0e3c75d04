// The module's parts are beside this file.

-- maimod in Neovim 0.7 or newer. Put this file into the folder plugin/ of your configuration; clients/nvim/README.md says the rest.
-- To change something, set vim.g.maimod in your init.lua, for one: vim.g.maimod = { inlay_hints = false }
local choices = vim.tbl_deep_extend('keep', vim.g.maimod or {}, {
  cmd = { 'maimod', 'lsp' },
  settings = {}, -- as in maimod.toml: { ignore = { 'metadata-genre-language' } }
  inlay_hints = true,
  code_lens = true,
  mappings = true,
})
local FILETYPES = { 'osu', 'chart', 'song-ini' }

local function has(version) return vim.fn.has('nvim-' .. version) == 1 end

-- Which files are meant.
if has('0.8') then
  vim.filetype.add({ extension = { osu = 'osu', osb = 'osu', chart = 'chart' }, filename = { ['song.ini'] = 'song-ini' } })
else
  for pattern, filetype in pairs({ ['*.osu,*.osb'] = 'osu', ['*.chart'] = 'chart', ['song.ini'] = 'song-ini' }) do
    vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
      pattern = vim.split(pattern, ','),
      callback = function() vim.bo.filetype = filetype end,
    })
  end
end

-- What the program answers; a command of it may be newer or older than this file.
local function request(client, method, params, done)
  local function answered(trouble, result)
    if trouble then
      vim.notify('maimod: ' .. (trouble.message or tostring(trouble)), vim.log.levels.ERROR)
    else
      done(result)
    end
  end
  if has('0.11') then client:request(method, params, answered) else client.request(method, params, answered) end
end

local function execute(client, command, arguments, done)
  request(client, 'workspace/executeCommand', { command = command, arguments = arguments }, done)
end

local function here(client)
  local params = has('0.11') and vim.lsp.util.make_position_params(0, client.offset_encoding) or vim.lsp.util.make_position_params()
  return params.textDocument.uri, params.position
end

local function apply(client, action)
  if action.edit then vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding) end
  if type(action.command) == 'table' then
    execute(client, action.command.command, action.command.arguments, function() end)
  end
end

-- Asks for the actions of a kind over the given lines (from 0, the last left out) and does the one that is chosen among those that
-- are wanted.
local function act(client, kind, first, last, wanted)
  local uri = vim.uri_from_bufnr(0)
  local range = { start = { line = first, character = 0 }, ['end'] = { line = last, character = 0 } }
  local params = { textDocument = { uri = uri }, range = range, context = { diagnostics = {}, only = { kind } } }
  request(client, 'textDocument/codeAction', params, function(actions)
    actions = vim.tbl_filter(wanted, actions or {})
    if #actions == 0 then return vim.notify('maimod: nothing to do here') end
    local function chosen(action)
      if not action then return end
      if action.edit or action.command then return apply(client, action) end
      request(client, 'codeAction/resolve', action, function(resolved) apply(client, resolved) end)
    end
    if #actions == 1 then return chosen(actions[1]) end
    vim.ui.select(actions, { prompt = 'maimod', format_item = function(each) return each.title end }, chosen)
  end)
end

local function open(link)
  if vim.ui.open then return vim.ui.open(link) end
  local with = vim.fn.has('win32') == 1 and { 'rundll32', 'url.dll,FileProtocolHandler', link }
    or { vim.fn.has('mac') == 1 and 'open' or 'xdg-open', link }
  vim.fn.jobstart(with, { detach = true })
end

local function copy(text)
  vim.fn.setreg('"', text)
  pcall(vim.fn.setreg, '+', text) -- where there is a clipboard
end

-- The commands of a buffer. Those that the program has to know are only there where it does.
local COMMANDS = {
  FixAll = {
    about = 'Apply all safe fixes',
    run = function(client)
      act(client, 'source.fixAll.maimod', 0, vim.api.nvim_buf_line_count(0), function() return true end)
    end,
  },
  Dismiss = {
    about = 'Keep the findings of this line as they are and hear no more of them',
    run = function(client)
      local line = vim.api.nvim_win_get_cursor(0)[1]
      act(client, 'quickfix', line - 1, line, function(each) return vim.startswith(each.title, 'Dismiss') end)
    end,
  },
  CheckMapset = {
    about = 'Check all difficulties of the set',
    needs = 'maimod.checkMapset',
    run = function(client) execute(client, 'maimod.checkMapset', { (here(client)) }, function() end) end,
  },
  Explain = {
    about = 'Show what was expected of this object',
    needs = 'maimod.explain',
    run = function(client)
      local uri, position = here(client)
      execute(client, 'maimod.explain', { uri, position }, function(text)
        if not text or text == '' then return vim.notify('maimod: there is nothing to explain here') end
        vim.lsp.util.open_floating_preview(vim.split(text, '\n'), 'markdown', { focus_id = 'maimod.explain' })
      end)
    end,
  },
  ModPost = {
    about = 'Copy the findings as a mod post',
    needs = 'maimod.modPost',
    run = function(client)
      execute(client, 'maimod.modPost', { (here(client)) }, function(text)
        if not text or text == '' then return vim.notify('maimod: nothing was found') end
        copy(text)
        vim.notify('maimod: the mod post is copied')
      end)
    end,
  },
  Overlay = {
    about = 'Open the overlay in the browser',
    needs = 'maimod.overlayUrl',
    run = function(client)
      -- Where it cannot be opened the program says why.
      execute(client, 'maimod.overlayUrl', { (here(client)) }, function(answer)
        if answer then open(answer.url) end
      end)
    end,
  },
  Regenerate = {
    about = "Write the selected lines anew, or the combo or bar at the cursor",
    needs = 'maimod.rewrite',
    options = { range = true },
    run = function(client, given)
      local first = given.line1 - 1
      act(client, 'refactor.rewrite.maimod', first, given.range == 0 and first or given.line2, function() return true end)
    end,
  },
  Guest = {
    about = "Write a guest difficulty: :MaimodGuest STARS NAME",
    needs = 'maimod.guest',
    options = { nargs = '+' },
    run = function(client, given)
      local stars, name = given.args:match('^(%S+)%s+(.+)$')
      if not tonumber(stars) then return vim.notify('maimod: say how many stars, then the name: :MaimodGuest 3.5 Hard') end
      execute(client, 'maimod.guest', { (here(client)), tonumber(stars), name }, function(made)
        local path = vim.uri_to_fname(made.uri)
        -- Never over a file that is there.
        local file = not vim.loop.fs_stat(path) and io.open(path, 'wb')
        if not file then return vim.notify('maimod: there is a file already, or none can be written: ' .. path, vim.log.levels.ERROR) end
        file:write(made.text)
        file:close()
        vim.cmd('edit ' .. vim.fn.fnameescape(path))
        vim.notify(('maimod: %s, %d notes, %d findings'):format(made.title, made.notes, #made.findings))
      end)
    end,
  },
  OpenInGame = {
    about = "Open this object in the game's editor and copy its time stamp",
    needs = 'maimod.editLink',
    run = function(client)
      local uri, position = here(client)
      execute(client, 'maimod.editLink', { uri, position }, function(answer)
        if not answer then return vim.notify('maimod: this line has no time') end
        copy(answer.timestamp)
        if answer.link then open(answer.link) end -- the game of a chart opens none
      end)
    end,
  },
}

-- What newer versions map by themselves.
local function map(buffer)
  local keys = {
    K = vim.lsp.buf.hover, gra = vim.lsp.buf.code_action, grn = vim.lsp.buf.rename, grr = vim.lsp.buf.references,
    gO = vim.lsp.buf.document_symbol, ['<C-]>'] = vim.lsp.buf.definition,
    ['[d'] = vim.diagnostic.goto_prev, [']d'] = vim.diagnostic.goto_next,
  }
  for key, does in pairs(keys) do
    if vim.fn.maparg(key, 'n') == '' then vim.keymap.set('n', key, function() does() end, { buffer = buffer, desc = 'maimod' }) end
  end
end

local function attached(client, buffer)
  local able = client.server_capabilities
  local known = (able.executeCommandProvider or {}).commands or {}
  for name, command in pairs(COMMANDS) do
    if not command.needs or vim.tbl_contains(known, command.needs) then
      vim.api.nvim_buf_create_user_command(buffer, 'Maimod' .. name, function(given) command.run(client, given) end,
        vim.tbl_extend('error', { desc = command.about }, command.options or {}))
    end
  end
  if choices.mappings and not has('0.11') then map(buffer) end
  if choices.inlay_hints and able.inlayHintProvider and vim.lsp.inlay_hint and has('0.10') then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if choices.code_lens and able.codeLensProvider then
    if vim.lsp.codelens.enable then
      vim.lsp.codelens.enable(true, { bufnr = buffer })
    else
      vim.lsp.codelens.refresh({ bufnr = buffer })
      vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, {
        buffer = buffer,
        callback = function() vim.lsp.codelens.refresh({ bufnr = buffer }) end,
      })
    end
  end
  -- Another map may be of another set: its folder is told to the one server.
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  if vim.fn.isdirectory(folder) == 1 and not vim.tbl_contains(vim.lsp.buf.list_workspace_folders(), folder) then
    vim.api.nvim_buf_call(buffer, function() vim.lsp.buf.add_workspace_folder(folder) end)
  end
end

local function folder_of(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  return name ~= '' and vim.fn.fnamemodify(name, ':p:h') or nil
end

local config = {
  name = 'maimod',
  cmd = choices.cmd,
  filetypes = FILETYPES,
  init_options = choices.settings,
  settings = { maimod = choices.settings },
  handlers = {
    -- For a statusline: %{get(g:,'maimod_status','')}
    ['maimod/status'] = function(_, status)
      vim.g.maimod_status = status.message
      vim.cmd('redrawstatus')
    end,
  },
  -- One server for all maps: each would load the model anew.
  reuse_client = function(client) return client.name == 'maimod' end,
}

-- Findings are pushed. Neovim 0.12, told to ask for them anew, throws the answer away for every buffer that is open.
if has('0.11') then
  config.capabilities = vim.lsp.protocol.make_client_capabilities()
  config.capabilities.workspace.diagnostics = { refreshSupport = false }
end

local told = false
local function missing()
  if vim.fn.executable(choices.cmd[1]) == 1 then return false end
  if not told then
    told = true
    vim.notify(
      ("maimod: there is no program '%s' on the PATH. Install it with 'pipx install maimod', or name it in vim.g.maimod.cmd."):format(choices.cmd[1]),
      vim.log.levels.WARN
    )
  end
  return true
end

if has('0.8') then
  vim.api.nvim_create_autocmd('LspAttach', {
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'maimod' then attached(client, event.buf) end
    end,
  })
else
  config.on_attach = attached
end

if has('0.11') then
  config.root_dir = function(buffer, start)
    if not missing() then start(folder_of(buffer)) end
  end
  vim.lsp.config('maimod', config)
  vim.lsp.enable('maimod')
end

local only_client
vim.api.nvim_create_autocmd('FileType', {
  pattern = FILETYPES,
  callback = function(event)
    local buffer = event and event.buf or vim.api.nvim_get_current_buf()
    -- A file that ends without a line break keeps doing so: no byte changes that nobody asked for.
    vim.bo[buffer].fixendofline = false
    vim.bo[buffer].commentstring = '//%s'
    if vim.bo[buffer].filetype == 'song-ini' then vim.bo[buffer].syntax = 'dosini' end
    if has('0.11') or missing() then return end
    config.root_dir = folder_of(buffer)
    if has('0.8') then
      vim.lsp.start(config, { bufnr = buffer, reuse_client = config.reuse_client })
    else
      only_client = only_client and vim.lsp.get_client_by_id(only_client) and only_client or vim.lsp.start_client(config)
      vim.lsp.buf_attach_client(buffer, only_client)
    end
  end,
})

-- Opens a map in a real Neovim (0.7 or newer), reads the diagnostic, applies its quick fix, hovers, and sees the diagnostic go.
-- Run as: nvim --headless --clean -c 'luafile tests/e2e/neovim_smoke.lua', with MAIMOD_PYTHON, MAIMOD_MAP and MAIMOD_RESULT set.
local result = io.open(os.getenv('MAIMOD_RESULT'), 'w')

local function say(key, value)
  result:write(key .. '\t' .. tostring(value) .. '\n')
  result:flush()
end

local function of_rule(buffer, code)
  return vim.tbl_filter(function(each) return each.code == code or (each.user_data and each.user_data.lsp.code == code) end,
    vim.diagnostic.get(buffer))
end

local function main()
  vim.cmd('edit ' .. vim.fn.fnameescape(os.getenv('MAIMOD_MAP')))
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({
    name = 'maimod',
    cmd = { os.getenv('MAIMOD_PYTHON'), '-m', 'maimod', 'lsp' },
    root_dir = vim.fn.fnamemodify(os.getenv('MAIMOD_MAP'), ':h'),
    get_language_id = function() return 'osu' end,
  })
  vim.lsp.buf_attach_client(buffer, client)
  assert(vim.wait(20000, function() return #of_rule(buffer, 'T105') > 0 end, 10), 'no diagnostic came')
  local found = of_rule(buffer, 'T105')[1]
  local line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, false)[1]
  say('source', found.source)
  say('message', found.message)
  say('marked', line:sub(found.col + 1, found.end_col))

  local here = { line = found.lnum, character = found.col }
  local where = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = here }
  local hovers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', where, 10000)
  say('hover', hovers[client].result.contents.value:gsub('%s+', ' '))

  where.position = nil
  where.range = { start = here, ['end'] = here }
  where.context = { diagnostics = {}, only = { 'quickfix' } }
  local actions = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', where, 10000)[client].result
  say('action', actions[1].title)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, vim.lsp.get_client_by_id(client).offset_encoding)
  say('line', vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, false)[1])
  assert(vim.wait(20000, function() return #of_rule(buffer, 'T105') == 0 end, 10), 'the diagnostic did not go')

  -- Typing in front of a character of two UTF-16 units moves what comes behind it.
  vim.api.nvim_buf_set_text(buffer, 0, 0, 0, 0, { '// 𝄞', '' })
  vim.api.nvim_buf_set_text(buffer, 0, 7, 0, 7, { ' typed' })
  vim.api.nvim_buf_set_lines(buffer, found.lnum + 1, found.lnum + 2, false, { (line:gsub(',3,1,0', ',2,1,0')) })
  assert(vim.wait(20000, function() return #of_rule(buffer, 'T105') == 1 end, 10), 'no diagnostic came back')
  say('again', of_rule(buffer, 'T105')[1].lnum - found.lnum)
  say('done', 'yes')
end

local ok, trouble = pcall(main)
if not ok then say('trouble', trouble) end
result:close()
vim.cmd('qall!')

-- What a mapper does, in a real Neovim with the configuration that is shipped: it stands in plugin/ and nothing else is set up.
-- MAIMOD_RESULT names the file that takes `key<tab>value` lines; MAIMOD_CHART a chart of another folder.
local result = io.open(os.getenv('MAIMOD_RESULT'), 'w')
local PATIENCE_MS = 60000

local function say(key, value)
  result:write(key .. '\t' .. tostring(value):gsub('%s+', ' ') .. '\n')
  result:flush()
end

local function until_(done, what) assert(vim.wait(PATIENCE_MS, done, 20), what) end

local function code_of(each) return each.code or (each.user_data and each.user_data.lsp and each.user_data.lsp.code) end

local function of_rule(code, buffer)
  return vim.tbl_filter(function(each) return code_of(each) == code end, vim.diagnostic.get(buffer or 0))
end

local function line(number) return vim.api.nvim_buf_get_lines(0, number, number + 1, false)[1] end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), ' ')
      vim.api.nvim_win_close(window, true)
      return text
    end
  end
end

local function clients() return (vim.lsp.get_clients or vim.lsp.get_active_clients)() end

local function main()
  say('filetype', vim.bo.filetype)
  until_(function() return #of_rule('T105') == 3 end, 'three findings should have come, there are ' .. #of_rule('T105'))
  local found = of_rule('T105')[1]
  say('source', found.source)
  say('message', found.message)
  say('marked', line(found.lnum):sub(found.col + 1, found.end_col))

  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  vim.lsp.buf.hover()
  local text
  until_(function() text = floating(); return text end, 'no hover came')
  say('hover', text)

  -- The menu of quick fixes, of which the first is taken.
  local menu = 'menu'
  vim.ui.select = function(items, options, done)
    say(menu, table.concat(vim.tbl_map(options.format_item, items), ' | '))
    done(items[1], 1)
  end
  vim.lsp.buf.code_action()
  until_(function() return #of_rule('T105') == 2 end, 'the quick fix did not work')
  say('fixed', line(found.lnum))

  local second = of_rule('T105')[1]
  vim.api.nvim_win_set_cursor(0, { second.lnum + 1, second.col })
  menu = 'dismissals'
  vim.cmd('MaimodDismiss')
  until_(function() return #of_rule('T105') == 1 end, 'the dismissal did not work')
  say('dismissed', line(second.lnum))

  -- Typing in front of a character of two UTF-16 units moves what comes behind it.
  local third = of_rule('T105')[1]
  vim.api.nvim_buf_set_text(0, 0, 0, 0, 0, { '// 𝄞', '' })
  vim.api.nvim_buf_set_text(0, 0, 7, 0, 7, { ' typed' })
  until_(function() local now = of_rule('T105')[1]; return now and now.lnum == third.lnum + 1 end, 'the finding did not move')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, {})

  vim.cmd('MaimodFixAll')
  until_(function() return #of_rule('T105') == 0 end, 'fix all did not work')
  say('all', line(third.lnum))

  if vim.lsp.inlay_hint and vim.lsp.inlay_hint.get then
    until_(function() return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0 end, 'no inlay hints came')
    local label = vim.lsp.inlay_hint.get({ bufnr = 0 })[1].inlay_hint.label
    say('hint', type(label) == 'table' and label[1].value or label)
  end
  if vim.lsp.semantic_tokens and vim.lsp.semantic_tokens.get_at_pos then
    local at = third.lnum
    until_(function() return #(vim.lsp.semantic_tokens.get_at_pos(0, at, 0) or {}) > 0 end, 'no semantic tokens came')
    say('token', vim.lsp.semantic_tokens.get_at_pos(0, at, 0)[1].type)
  end

  -- A selection is written anew by the bundled model; one undo takes all of it back.
  local function whole() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end
  local before, first = whole(), vim.fn.search('^64,192,5000,')
  vim.fn.confirm = function() return 1 end -- where Neovim asks before it applies
  menu = 'rewriting'
  vim.cmd('let &g:undolevels = &g:undolevels') -- what a script changes is one undo step, unless it is ended so
  vim.cmd(('%d,%dMaimodRegenerate'):format(first, first + 11))
  until_(function() return whole() ~= before end, 'nothing was written anew')
  say('tags', line(vim.fn.search('^Tags:') - 1))
  say('kept', tostring(whole():find('\n64,192,1000,', 1, true) ~= nil and vim.endswith(whole(), before:sub(-200))))
  vim.cmd('undo')
  say('undone', tostring(whole() == before))

  vim.api.nvim_win_set_cursor(0, { vim.fn.search('^64,192,1000,'), 0 })
  vim.cmd('MaimodExplain')
  until_(function() text = floating(); return text end, 'no explanation came')
  say('explained', text)
  vim.cmd('MaimodModPost')
  until_(function() return vim.fn.getreg('"'):find('no hit sounds', 1, true) end, 'no mod post came')
  say('post', vim.fn.getreg('"'))
  local link
  vim.ui.open = function(each) link = each end
  vim.cmd('MaimodOpenInGame')
  until_(function() return link end, 'no link came')
  say('link', link)
  say('stamp', vim.fn.getreg('"'))

  local commands = {}
  for name in pairs(vim.api.nvim_buf_get_commands(0, {})) do table.insert(commands, name) end
  table.sort(commands)
  say('commands', table.concat(commands, ' '))
  vim.cmd('write')

  -- A chart of another folder is another workspace folder of the same server.
  vim.cmd('edit ' .. vim.fn.fnameescape(os.getenv('MAIMOD_CHART')))
  until_(function() return #vim.diagnostic.get(0) > 0 end, 'no finding in the chart')
  say('chart', vim.bo.filetype .. ' ' .. vim.diagnostic.get(0)[1].source)
  say('servers', #clients())
  say('folders', #vim.lsp.buf.list_workspace_folders())
  say('done', 'yes')
end

local ok, trouble = pcall(main)
if not ok then
  say('trouble', trouble)
  say('messages', vim.fn.execute('messages'))
end
result:close()
vim.cmd('qall!')

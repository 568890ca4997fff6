-- Quarto runs this before it renders. The project's top holds no pages to render: `dme site`
-- stages them, with the executed notebooks, in a folder of their own.
local page = io.open("index.qmd")
if page then
  page:close()
else
  io.stderr:write("There are no pages here yet. Build the site with: dme site\n")
  os.exit(1)
end

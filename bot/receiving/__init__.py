"""An update on its way in: who may knock, which chat is next, one transaction, the committed answer."""
